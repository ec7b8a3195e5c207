package io.agentledger.command.identity.ticket;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.CredentialRef;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Encodes a {@link CredentialRef} as one line of text, which is valid for half a minute. */
final class CredentialRefCodec {
  private CredentialRefCodec() {}

  static String encode(CredentialRef credentialRef) {
    return switch (credentialRef) {
      case CredentialRef.Key key -> join("key", key.credentialId(), key.sha256());
      case CredentialRef.Login login -> join("login", login.userId(), login.loginId());
      case CredentialRef.ExternalToken externalToken ->
          join(
              "vouched",
              externalToken.externalIdentity().issuer(),
              externalToken.externalIdentity().subject(),
              externalToken.tenantId(),
              externalToken.role(),
              externalToken.expiresAt());
    };
  }

  static CredentialRef decode(String line) {
    var parts =
        Arrays.stream(line.split(" "))
            .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
            .toArray(String[]::new);
    return switch (parts[0]) {
      case "key" -> new CredentialRef.Key(new CredentialId(parts[1]), parts[2]);
      case "login" -> new CredentialRef.Login(new UserId(parts[1]), new CredentialId(parts[2]));
      case "vouched" ->
          new CredentialRef.ExternalToken(
              new ExternalIdentity(parts[1], parts[2]),
              new TenantId(parts[3]),
              Role.valueOf(parts[4]),
              Instant.parse(parts[5]));
      default -> throw new IllegalArgumentException("unknown kind of credential");
    };
  }

  private static String join(Object... parts) {
    return Stream.of(parts)
        .map(part -> URLEncoder.encode(part.toString(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(" "));
  }
}
