/** Common passwords that are long enough to pass the length rule, in lower case. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 0123456789ab 012345678910
  0987654321098 098765432109 1234567890qwerty 1234567890-= 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc
  1qaz2wsx3edc4rfv 1qazxsw23edc q1w2e3r4t5y6 q1w2e3r4t5y6u7 qwertyuiop12 qwertyuiop123 qwertyuiop[]
  qwertyuiopas qwertyuiopasdfgh qwertyuiopasdfghjkl qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty
  asdfghjkl123 asdfghjklzxcvbnm asdfasdfasdf zxcvbnm12345 zaq12wsxcde3 zaq1xsw2cde3 abcdefghijkl
  abcdefghijklm abcdefghijklmnop abc123abc123 abcd12345678 abcdef123456 abcdefg12345 a1b2c3d4e5f6
  password1234 password12345 password123456 password123! password1234! password2020 password2021 password2022
  password2023 password2024 password2025 password2026 passwordpassword passw0rd1234 p@ssw0rd1234 p@ssword1234
  p@ssw0rd123! pa$$word1234 mypassword12 mypassword123 newpassword1 newpassword12 newpassword123 changeme1234
  changemenow1 changeme12345 letmein12345 letmein123456 welcome12345 welcome123456 welcome2024! welcome2025!
  welcome2026! iloveyou1234 iloveyouforever iloveyousomuch ilovemyfamily administrator administrator1
  adminadmin12 adminadminadmin admin1234567 admin12345678 admin123456789 rootrootroot1 superman1234
  batman123456 football1234 baseball1234 basketball12 basketball123 liverpool123 manchester123 chelsea12345
  sunshine1234 princess1234 dragon123456 monkey123456 shadow123456 michael12345 jordan123456 starwars1234
  pokemon12345 minecraft123 computer1234 internet1234 security1234 trustno1trustno1 correcthorsebatterystaple
  thisisapassword thisismypassword whatever1234 testtesttest testtest1234 test12345678 test123456789
  secretsecret secret123456 summer2024!! summer2025!! summer2026!! winter2024!! winter2025!! winter2026!!
  spring2025!! autumn2025!! qazwsxedcrfv qazwsxedc123 qweasdzxc123 qweasdzxc1234 aaaaaaaaaaaa 111111111111
  000000000000 123123123123 121212121212 112233445566 123456123456 123321123321 999999999999 101010101010
  987654321098 987654321012 987654321987 dockerdocker kubernetes12 kubernetes123 latchkey1234 latchkeylatchkey
  githubgithub gitlabgitlab
  `
    .trim()
    .split(/\s+/),
);
