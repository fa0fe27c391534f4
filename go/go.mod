module libine.example/ine

go 1.24
