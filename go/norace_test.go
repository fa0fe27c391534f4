//go:build !race

package ine_test

const raceDetector = false
