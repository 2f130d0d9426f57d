//! The configurations that are asked about. `@` stands for the tree's own path, because a relative `Include` means
//! `/etc/ssh` of the machine to the server.

use super::oracle::Case;

const MAIN: &str = "/etc/ssh/sshd_config";

macro_rules! cases {
    ($($name:literal $([$options:literal])? { $($path:expr => $content:expr),* $(,)? })*) => {
        &[$(Case { name: $name, options: concat!($($options)?), files: &[$(($path, $content)),*] }),*]
    };
}

/// Every case.
pub(super) const CASES: &[Case] = cases! {
    "empty" { MAIN => "" }
    "comments-only" { MAIN => "# nothing\n   # here\n\n\t\n" }
    "no-line-end" { MAIN => "PermitRootLogin no" }
    "carriage-returns" { MAIN => "PermitRootLogin no\r\nPort 2222\r\n\r\nAllowUsers a b\r\n" }
    "debian-default" {
        MAIN => "Include @/etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\nX11Forwarding yes\n\
                 PrintMotd no\nAcceptEnv LANG LC_*\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\n",
        "/etc/ssh/sshd_config.d/" => "",
    }
    "first-one-wins" { MAIN => "PermitRootLogin no\nPermitRootLogin yes\nMaxAuthTries 3\nMaxAuthTries 4\n" }
    "equals-signs" { MAIN => "PermitRootLogin=no\nPort = 2222\nMaxAuthTries =3\nBanner= /etc/issue\nLoginGraceTime\t=\t30\n" }
    "two-equals-signs" { MAIN => "Port == 22\n" }
    "quoted-values" {
        MAIN => "Banner \"/etc/a b\"\n\"PermitRootLogin\" \"no\"\nChrootDirectory '/srv/c d'\nAllowUsers \"a\" 'b' c\\ d\n",
    }
    "quote-inside-a-word" { MAIN => "Banner /etc/\"a b\"/c\nPidFile /run/'x y'.pid\n" }
    "escapes" { MAIN => "Banner /etc/a\\\"b\nPidFile \"/run/a\\\\b\"\nXAuthLocation /bin/a\\nb\n" }
    "unclosed-quote" { MAIN => "Banner \"/etc/issue\n" }
    "unclosed-quote-of-a-keyword" { MAIN => "\"PermitRootLogin no\nPort 2222\n" }
    "trailing-comment" { MAIN => "PermitRootLogin no # never\nAllowUsers a b #c d\nBanner /etc/is#sue\n" }
    "comment-for-a-value" { MAIN => "PermitRootLogin #no\n" }
    "tabs" { MAIN => "\tPermitRootLogin\t\tno\t\n  Port  2222  \n" }
    "form-feed-at-the-end" { MAIN => "PermitRootLogin no\u{c}\n" }
    "letter-case" { MAIN => "permitROOTlogin No\nPASSWORDAUTHENTICATION NO\nLogLevel verbose\nSyslogFacility local3\n" }
    "no-argument" { MAIN => "PermitRootLogin\n" }
    "extra-argument" { MAIN => "PermitRootLogin no yes\n" }
    "unknown-keyword" { MAIN => "PermitRootLogin no\nPermitRoot yes\n" }
    "unknown-value" { MAIN => "PermitRootLogin maybe\n" }
    "true-is-no-flag" { MAIN => "PasswordAuthentication true\n" }
    "without-password" { MAIN => "PermitRootLogin without-password\n" }
    "forced-commands-only" { MAIN => "PermitRootLogin forced-commands-only\n" }
    "protocol" { MAIN => "Protocol 2,1\n" }
    "obsolete-keywords" {
        MAIN => "KeyRegenerationInterval 3600\nServerKeyBits 768\nRSAAuthentication yes\nRhostsRSAAuthentication yes\n\
                 UseLogin no\nUsePrivilegeSeparation sandbox\nVerifyReverseMapping yes\nPAMAuthenticationViaKbdInt yes\n",
    }
    "unsupported-keywords" { MAIN => "AFSTokenPassing yes\nKerberosTgtPassing yes\nKerberosGetAFSToken yes\n" }
    "old-names" {
        MAIN => "ChallengeResponseAuthentication no\nDSAAuthentication no\nKeepAlive no\nHostDSAKey /etc/ssh/dsa\n\
                 GSSAPICleanupCreds no\n",
    }
    "old-name-and-new-name" { MAIN => "ChallengeResponseAuthentication no\nKbdInteractiveAuthentication yes\n" }
    "skey" { MAIN => "SkeyAuthentication no\n" }
    "old-algorithm-names" { MAIN => "PubkeyAcceptedKeyTypes +ssh-rsa\nHostbasedAcceptedKeyTypes ssh-ed25519\n" }
    "ports" { MAIN => "Port 22\nPort 2222\nPort 22\n" }
    "port-zero" { MAIN => "Port 0\n" }
    "port-too-large" { MAIN => "Port 65536\n" }
    "listen-on-addresses" {
        MAIN => "ListenAddress 127.0.0.1\nListenAddress 127.0.0.2:2222\nListenAddress ::1\nListenAddress [::1]:2022\nPort 22\nPort 23\n",
    }
    "listen-in-one-family" { MAIN => "AddressFamily inet\nPort 22\n" }
    "listen-in-the-other-family" { MAIN => "AddressFamily inet6\nListenAddress ::\n" }
    "listen-on-a-foreign-family" { MAIN => "AddressFamily inet\nListenAddress ::1\n" }
    "listen-badly" { MAIN => "ListenAddress [::1\n" }
    "times" { MAIN => "LoginGraceTime 2m\nClientAliveInterval 1h30m\nClientAliveCountMax 0\n" }
    "times-in-any-order" { MAIN => "LoginGraceTime 30s1m\nClientAliveInterval 90\n" }
    "bad-time" { MAIN => "LoginGraceTime 2 minutes\n" }
    "bad-time-unit" { MAIN => "LoginGraceTime 2y\n" }
    "start-ups" { MAIN => "MaxStartups 5:50:20\n" }
    "start-ups-one-number" { MAIN => "MaxStartups 7\n" }
    "start-ups-last-one-wins" { MAIN => "MaxStartups 5:50:20\nMaxStartups 8\n" }
    "start-ups-bad" { MAIN => "MaxStartups 30:10:20\n" }
    "start-ups-two-numbers" { MAIN => "MaxStartups 10:30\n" }
    "per-source-limits" { MAIN => "PerSourceMaxStartups 5\nPerSourceNetBlockSize 24:56\n" }
    "last-one-wins" {
        MAIN => "IPQoS af21 cs1\nIPQoS ef\nStreamLocalBindMask 0117\nStreamLocalBindMask 077\nFingerprintHash md5\n\
                 FingerprintHash sha512\nPerSourceNetBlockSize 24:56\nPerSourceNetBlockSize 16:48\n",
    }
    "service-classes" { MAIN => "IPQoS 0x10 le\n" }
    "rekey-limits" { MAIN => "RekeyLimit 1G 1h\n" }
    "rekey-limit-halves" { MAIN => "RekeyLimit 1.5G\nRekeyLimit default 2h\n" }
    "rekey-limit-none" { MAIN => "RekeyLimit 512M none\nRekeyLimit 1G 30m\n" }
    "rekey-limit-too-small" { MAIN => "RekeyLimit 3\n" }
    "users-and-groups" {
        MAIN => "AllowUsers alice bob@10.0.0.0/8\nAllowUsers carol\nDenyUsers mallory\nAllowGroups ssh wheel\nDenyGroups nossh\n",
    }
    "users-with-host-bits" { MAIN => "AllowUsers alice@10.0.0.1/8\n" }
    "environment" { MAIN => "AcceptEnv LANG LC_*\nAcceptEnv TZ\nSetEnv A=1 B=\"2 3\" A=4\nSetEnv C=5\nPermitUserEnvironment LANG,LC_*\n" }
    "environment-badly" { MAIN => "AcceptEnv LANG=C\n" }
    "user-environment" { MAIN => "PermitUserEnvironment yes\n" }
    "subsystems" { MAIN => "Subsystem sftp internal-sftp -l INFO\nSubsystem other /bin/other \"a b\"\n" }
    "subsystem-twice" { MAIN => "Subsystem sftp internal-sftp\nSubsystem sftp /usr/lib/openssh/sftp-server\n" }
    "subsystem-without-command" { MAIN => "Subsystem sftp\n" }
    "authorized-keys-files" { MAIN => "AuthorizedKeysFile /etc/ssh/keys/%u .ssh/authorized_keys\nAuthorizedKeysFile none\n" }
    "authentication-methods" { MAIN => "AuthenticationMethods publickey,password publickey,keyboard-interactive:pam\nAuthenticationMethods any\n" }
    "authentication-methods-any" { MAIN => "AuthenticationMethods any\n" }
    "authentication-methods-badly" { MAIN => "AuthenticationMethods publickey,retina\n" }
    "authentication-methods-any-and-more" { MAIN => "AuthenticationMethods publickey any\n" }
    "log-verbose" { MAIN => "LogVerbose kex.c:*:1000 packet.c\nLogVerbose none\nLogLevel QUIET\n" }
    "log-level-debug" { MAIN => "LogLevel DEBUG1\n" }
    "permit-open" { MAIN => "PermitOpen a:22 [::1]:* b:80\nPermitOpen any\nPermitListen 8080 localhost:*\nPermitListen none\n" }
    "permit-open-none" { MAIN => "PermitOpen none\nPermitListen any\n" }
    "permit-open-badly" { MAIN => "PermitOpen host\n" }
    "forwarding" {
        MAIN => "AllowTcpForwarding all\nAllowStreamLocalForwarding local\nGatewayPorts clientspecified\nPermitTunnel point-to-point\n\
                 DisableForwarding yes\nX11DisplayOffset 5\nX11UseLocalhost no\n",
    }
    "channel-timeouts" { MAIN => "ChannelTimeout session=5m direct-tcpip=0\nUnusedConnectionTimeout 10m\n" }
    "channel-timeouts-none" { MAIN => "ChannelTimeout none\nUnusedConnectionTimeout none\n" }
    "channel-timeouts-badly" { MAIN => "ChannelTimeout session\n" }
    "unused-timeout-zero" { MAIN => "UnusedConnectionTimeout 0\n" }
    "public-keys" { MAIN => "PubkeyAuthOptions touch-required verify-required\nPubkeyAuthentication no\nRequiredRSASize 3072\n" }
    "public-key-options-none" { MAIN => "PubkeyAuthOptions none\n" }
    "commands" {
        MAIN => "ForceCommand /bin/echo \"a  b\" # still the command\nAuthorizedKeysCommand /usr/bin/keys %u \"x y\"\n\
                 AuthorizedKeysCommandUser nobody\nVersionAddendum Debian # really\n",
    }
    "commands-none" { MAIN => "ForceCommand None\nAuthorizedKeysCommand none\nVersionAddendum none\nBanner NONE\nChrootDirectory None\nHostKeyAgent none\n" }
    "command-without-path" { MAIN => "AuthorizedKeysCommand keys\nAuthorizedKeysCommandUser nobody\n" }
    "command-without-user" { MAIN => "AuthorizedKeysCommand /bin/keys\n" }
    "command-none-without-user" { MAIN => "AuthorizedPrincipalsCommand none\n" }
    "command-with-user-in-a-block" { MAIN => "AuthorizedKeysCommand /bin/keys\nMatch User x\nAuthorizedKeysCommandUser nobody\n" }
    "compression" { MAIN => "Compression delayed\nTCPKeepAlive no\nUseDNS yes\nIgnoreRhosts shosts-only\n" }
    "kerberos" { MAIN => "KerberosAuthentication yes\nGSSAPIAuthentication yes\nGSSAPIKeyExchange yes\nGSSAPIStrictAcceptorCheck no\n" }
    "host-keys" { MAIN => "HostKey /etc/ssh/one\nHostKey /etc/ssh/two\nHostCertificate /etc/ssh/one-cert.pub\n" }
    "relative-paths" { MAIN => "HostKey ssh_host_key\n" }
    "home" { MAIN => "AuthorizedKeysFile ~/keys\n" }
    "ciphers" { MAIN => "Ciphers aes256-ctr,aes128-ctr\nMACs hmac-sha2-256\nKexAlgorithms curve25519-sha256\nHostKeyAlgorithms ssh-ed25519\n" }
    "ciphers-added" { MAIN => "Ciphers +aes128-cbc,3des-cbc\nMACs +hmac-md5\nKexAlgorithms +diffie-hellman-group1-sha1\n" }
    "ciphers-removed" { MAIN => "Ciphers -aes*-ctr\nMACs -*-etm@openssh.com,umac*\nKexAlgorithms -ecdh*,diffie*\nHostKeyAlgorithms -*cert*\n" }
    "ciphers-first" { MAIN => "Ciphers ^aes256-cbc,aes256-ctr\nMACs ^hmac-sha2-512\nKexAlgorithms ^ecdh-sha2-nistp521\n" }
    "ciphers-by-pattern" { MAIN => "Ciphers aes*\n" }
    "ciphers-unknown" { MAIN => "Ciphers arcfour\n" }
    "ciphers-empty" { MAIN => "Ciphers \"\"\n" }
    "keys-by-pattern" {
        MAIN => "PubkeyAcceptedAlgorithms ssh-ed25519*,rsa-sha2-*\nHostbasedAcceptedAlgorithms -*cert*\nCASignatureAlgorithms -ecdsa*\n\
                 HostKeyAlgorithms +ssh-rsa\n",
    }
    "keys-unknown" { MAIN => "PubkeyAcceptedAlgorithms ssh-unknown\n" }
    "include-before" {
        MAIN => "Include @/etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nMaxAuthTries 4\n",
        "/etc/ssh/sshd_config.d/50-a.conf" => "PermitRootLogin no\n",
        "/etc/ssh/sshd_config.d/60-b.conf" => "PermitRootLogin prohibit-password\nMaxAuthTries 2\n",
        "/etc/ssh/sshd_config.d/70-c.txt" => "PasswordAuthentication no\n",
    }
    "include-after" {
        MAIN => "PermitRootLogin yes\nInclude @/etc/ssh/sshd_config.d/*.conf\n",
        "/etc/ssh/sshd_config.d/a.conf" => "PermitRootLogin no\nPasswordAuthentication no\n",
    }
    "include-in-the-middle" {
        MAIN => "MaxAuthTries 2\nInclude @/etc/ssh/middle\nMaxSessions 2\nAllowUsers z\n",
        "/etc/ssh/middle" => "MaxAuthTries 3\nMaxSessions 3\nAllowUsers a",
    }
    "include-several" {
        MAIN => "Include @/etc/ssh/a.d/*.conf @/etc/ssh/b.d/*.conf\nInclude @/etc/ssh/[xy]?.conf\n",
        "/etc/ssh/a.d/9.conf" => "Port 9\n",
        "/etc/ssh/a.d/10.conf" => "Port 10\n",
        "/etc/ssh/a.d/.hidden.conf" => "Port 11\n",
        "/etc/ssh/b.d/1.conf" => "Port 1\nMaxSessions 1\n",
        "/etc/ssh/x1.conf" => "Port 101\nMaxSessions 2\n",
        "/etc/ssh/y2.conf" => "Port 102\n",
        "/etc/ssh/z3.conf" => "Port 103\n",
    }
    "include-nothing" { MAIN => "Include @/etc/ssh/none/*.conf @/etc/ssh/nothing\nPort 2222\n" }
    "include-a-directory" { MAIN => "Include @/etc/ssh/*\nPort 2222\n", "/etc/ssh/a/" => "" }
    "include-without-name" { MAIN => "Include #x\n" }
    "include-twice" {
        MAIN => "Include @/etc/ssh/a\nInclude @/etc/ssh/a\n",
        "/etc/ssh/a" => "Port 2222\nAllowUsers a\n",
    }
    "include-through-a-pattern-of-folders" {
        MAIN => "Include @/etc/ssh/*/conf.d/*\n",
        "/etc/ssh/b/conf.d/x" => "Port 2\n",
        "/etc/ssh/a/conf.d/y" => "Port 1\n",
    }
    "include-a-broken-file" { MAIN => "Include @/etc/ssh/a\n", "/etc/ssh/a" => "PermitRootLogin perhaps\n" }
    "include-itself" { MAIN => "Include @/etc/ssh/sshd_config\n" }
    "include-in-a-chain" {
        MAIN => "Include @/etc/ssh/1\nMaxSessions 9\n",
        "/etc/ssh/1" => "Include @/etc/ssh/2\nMaxAuthTries 1\n",
        "/etc/ssh/2" => "Include @/etc/ssh/3\nMaxAuthTries 2\n",
        "/etc/ssh/3" => "Include @/etc/ssh/4\nMaxAuthTries 3\nMaxSessions 3\n",
        "/etc/ssh/4" => "PermitRootLogin no\n",
    }
    "match-user" { MAIN => "PasswordAuthentication no\nMatch User backup\n  PasswordAuthentication yes\n  PermitRootLogin yes\n" }
    "match-many" {
        MAIN => "Match User a,b,!c Group wheel Address 10.0.0.0/8,192.168.* Host *.example.org LocalAddress ::1\n\
                 X11Forwarding yes\nMatch Group \"domain users\"\nX11Forwarding no\n",
    }
    "match-all" { MAIN => "PermitRootLogin yes\nMaxAuthTries 5\nMatch all\nPermitRootLogin no\nMaxSessions 3\n" }
    "match-all-with-comment" { MAIN => "Match all # everybody\nPermitRootLogin no\n" }
    "match-all-twice" { MAIN => "Match all\nPermitRootLogin no\nMatch User x\nPermitRootLogin forced-commands-only\nMatch all\nPermitRootLogin yes\n" }
    "match-all-lists" { MAIN => "AllowUsers a\nAcceptEnv LANG\nMatch all\nAllowUsers b\nAllowUsers c\nAcceptEnv TZ\n" }
    "match-all-global-keyword" { MAIN => "Match all\nPort 2222\nUsePAM yes\n" }
    "match-all-first-lines" {
        MAIN => "AuthorizedKeysFile a\nPermitOpen a:1\nSetEnv A=1\nForceCommand /bin/a\nBanner /a\nMatch all\nAuthorizedKeysFile b c\n\
                 PermitOpen b:2\nSetEnv B=2\nForceCommand /bin/b\nBanner none\nRekeyLimit 1G 1h\nIPQoS ef\nLogLevel ERROR\n",
    }
    "match-all-and-more" { MAIN => "Match all User x\nPermitRootLogin no\n" }
    "match-nothing" { MAIN => "Match\n" }
    "match-unknown-criterion" { MAIN => "Match Exec true\nPermitRootLogin no\n" }
    "match-host-bits" { MAIN => "Match Address 10.0.0.1/8\nPermitRootLogin no\n" }
    "match-bad-port" { MAIN => "Match LocalPort 99999\nPermitRootLogin no\n" }
    "match-global-keyword" { MAIN => "Match User x\nPort 2222\n" }
    "match-unknown-keyword" { MAIN => "Match User x\nNoSuchThing 1\n" }
    "match-bad-value" { MAIN => "Match User x\nPermitRootLogin perhaps\n" }
    "match-domain" { MAIN => "Match RDomain red\nPermitRootLogin no\n" }
    "match-then-include" {
        MAIN => "Match User x\nInclude @/etc/ssh/a\nPermitRootLogin no\n",
        "/etc/ssh/a" => "PasswordAuthentication no\nMatch all\nX11Forwarding yes\n",
    }
    "match-in-an-include" {
        MAIN => "Include @/etc/ssh/a\nPermitRootLogin no\n",
        "/etc/ssh/a" => "Match User x\nPermitRootLogin yes\n",
    }
    "match-all-in-an-include" {
        MAIN => "Include @/etc/ssh/a\nPermitRootLogin no\nMaxSessions 2\n",
        "/etc/ssh/a" => "Match all\nPermitRootLogin forced-commands-only\n",
    }
    "match-all-around-an-include" {
        MAIN => "PermitRootLogin yes\nMatch all\nInclude @/etc/ssh/a\nX11Forwarding yes\n",
        "/etc/ssh/a" => "PermitRootLogin no\nMatch User x\nPermitRootLogin yes\nMatch all\nMaxSessions 1\n",
    }
    "match-all-subsystem" { MAIN => "Subsystem sftp internal-sftp\nMatch all\nSubsystem other /bin/other\n" }
    "option" ["-o PermitRootLogin=no"] { MAIN => "PermitRootLogin yes\n" }
    "option-attached" ["-oMaxAuthTries=2 -oAllowUsers=a"] { MAIN => "MaxAuthTries 5\nAllowUsers b\n" }
    "option-ports" ["-p 2022 -p 2023"] { MAIN => "Port 22\nPort 23\n" }
    "option-port-line" ["-o Port=2022"] { MAIN => "Port 22\n" }
    "option-family" ["-4 -g 30"] { MAIN => "AddressFamily inet6\nLoginGraceTime 60\n" }
    "option-against-match-all" ["-o PermitRootLogin=no"] { MAIN => "Match all\nPermitRootLogin yes\n" }
    "option-bad" ["-o PermitRootLogin=perhaps"] { MAIN => "" }
    "option-include" ["-o Include=/etc/ssh/x"] { MAIN => "" }
};
