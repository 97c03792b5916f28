// Package models holds the nouns of the programme 结对帮扶·爱心甘肃 and the
// pure rules about them: days, money, activities, pairings, duties, labels and
// errors. It imports the standard library only, does no I/O and reads no clock.
package models
