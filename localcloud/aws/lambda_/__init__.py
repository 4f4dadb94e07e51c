"""The local AWS Lambda: a durable control plane; functions in processes of their own, under the real awslambdaric."""
