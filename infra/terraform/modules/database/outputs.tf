# What the functions need to know, named as the variables of the module above that take it.

output "database_url" {
  description = "Where it is, without a password. Checked by the certificates that `make package` puts into the zip; the proxy's are those of the system."
  value = (
    var.proxy
    ? "postgresql://${aws_db_proxy.this[0].endpoint}:5432/csvgate?sslmode=verify-full&sslrootcert=/etc/pki/tls/certs/ca-bundle.crt"
    : "postgresql://${aws_db_instance.this.address}:5432/csvgate?sslmode=verify-full&sslrootcert=/var/task/certificates.pem"
  )
}

output "database_secret" {
  description = "The secret that says who is let in, as RDS keeps and changes it."
  value       = local.secret_arn
}

output "subnet_ids" {
  description = "From where the functions reach it."
  value       = local.subnet_ids
}

output "security_group_id" {
  description = "Whoever is in this group is let in."
  value       = aws_security_group.this["functions"].id
}
