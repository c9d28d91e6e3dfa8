package telegram_test

// A proof signed outside this code base with a made-up token and the Ed25519 key whose seed is the bytes 0 to 31. It holds spaces as
// plus signs, escaped slashes, a letter outside ASCII and an empty field.
const (
	knownToken = "7342037359:AAH-made-up-token-for-a-known-vecto"
	knownKey   = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
	knownProof = "" +
		"user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav+%2B+-+%3F+%5C%2F%22%2C%22last_name%22%3A%22%5Cu00e9%22%2C%22username%22%3A%22vdkfrost%2" +
		"2%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%" +
		"5C%2Fuserpic%5C%2F320%5C%2F4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151&chat_type=private&auth_date=1790000" +
		"000&start_param=table_7&empty=&signature=I0k47TicGFw6jkijr8-DgRcEL0f_nnz-WrxIpUHnIvKyj9LCV1fZPnS-mMv97UsUaFT_yjycaQ9bvrotFaCDCQ&hash=e7a5772a9c8de7355" +
		"431d1552eb394d857e465ba916f764fc81b789559f1035b"
)
