from esser_gap.projecting import *  # temporary, helpers in flight
