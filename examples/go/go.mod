module libine.example/examples

go 1.24

require libine.example/ine v0.1.0

replace libine.example/ine => ../../go
