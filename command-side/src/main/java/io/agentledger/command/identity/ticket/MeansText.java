package io.agentledger.command.identity.ticket;

import io.agentledger.api.identity.Foreigner;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Means;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link Means} on one line, for half a minute. */
final class MeansText {
  private MeansText() {}

  static String of(Means means) {
    return switch (means) {
      case Means.Key key -> line("key", key.credential(), key.sha256());
      case Means.Login login -> line("login", login.user(), login.login());
      case Means.Vouched vouched ->
          line(
              "vouched",
              vouched.foreigner().issuer(),
              vouched.foreigner().subject(),
              vouched.tenant(),
              vouched.role(),
              vouched.until());
    };
  }

  static Means read(String line) {
    var words =
        Arrays.stream(line.split(" "))
            .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
            .toArray(String[]::new);
    return switch (words[0]) {
      case "key" -> new Means.Key(new KeyId(words[1]), words[2]);
      case "login" -> new Means.Login(new UserId(words[1]), new KeyId(words[2]));
      case "vouched" ->
          new Means.Vouched(
              new Foreigner(words[1], words[2]),
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
