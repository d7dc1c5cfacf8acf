module zk-election-lab/peers

go 1.21

require (
	github.com/go-zookeeper/zk v1.0.4
	golang.org/x/sys v0.28.0
)
