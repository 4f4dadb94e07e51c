//go:build tools

// Package tools pins the Pulumi command that tools/ builds.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
