"""The kinds of model files that we read; a new one is a file here and its line in FORMATS."""

from backend.classifiers.formats import keras, tfjs, tflite

FORMATS = (keras, tfjs, tflite)
