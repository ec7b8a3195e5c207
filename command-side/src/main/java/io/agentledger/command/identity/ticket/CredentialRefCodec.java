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

/** {@link CredentialRef} on one line, for half a minute. */
final class CredentialRefCodec {
  private CredentialRefCodec() {}

  static String of(CredentialRef credentialRef) {
    return switch (credentialRef) {
      case CredentialRef.Key key -> line("key", key.credential(), key.sha256());
      case CredentialRef.Login login -> line("login", login.user(), login.login());
      case CredentialRef.ExternalToken externalToken ->
          line(
              "vouched",
              externalToken.foreigner().issuer(),
              externalToken.foreigner().subject(),
              externalToken.tenant(),
              externalToken.role(),
              externalToken.until());
    };
  }

  static CredentialRef read(String line) {
    var words =
        Arrays.stream(line.split(" "))
            .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
            .toArray(String[]::new);
    return switch (words[0]) {
      case "key" -> new CredentialRef.Key(new CredentialId(words[1]), words[2]);
      case "login" -> new CredentialRef.Login(new UserId(words[1]), new CredentialId(words[2]));
      case "vouched" ->
          new CredentialRef.ExternalToken(
              new ExternalIdentity(words[1], words[2]),
              new TenantId(words[3]),
              Role.valueOf(words[4]),
              Instant.parse(words[5]));
      default -> throw new IllegalArgumentException("no means of ours");
    };
  }

  private static String line(Object... words) {
    return Stream.of(words)
        .map(word -> URLEncoder.encode(word.toString(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(" "));
  }
}
