module x
go 1.16
require (
	a.example/b v1.0.0 // indirect
	"c.example/d" v2.0.0+incompatible
)
replace a.example/b v1.0.0 => ../b
replace c.example/d => e.example/f v0.0.0-20220715151400-c0bba94af5f8
exclude g.example/h v1.0.0
