package io.agentledger.command.identity.shared;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.shared.Id;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A secret with the id of what it opens: {@code alk_}, the ten characters of the id, {@code _}, and
 * 32 random bytes. The id finds the row, the hash of the whole is compared; 256 random bits need no
 * salt.
 *
 * @param idBody the id without its prefix
 */
public record CredentialToken(Kind kind, String idBody, String secret) {
  private static final int RANDOM_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORMAT =
      Pattern.compile("(al[a-z])_([2-9a-z]{10})_[A-Za-z0-9_-]{43}");

  /** Kind of a secret; secret scanners recognize it by the first four characters. */
  public enum Kind {
    /** A person's key. */
    API_KEY("alk"),
    /** An agent's token. */
    AGENT_TOKEN("alt"),
    /** A login's refresh token. */
    REFRESH_TOKEN("alr"),
    /** An invitation. */
    INVITATION("ali");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /** A new secret for what has that id. */
  public static CredentialToken generate(Kind kind, Id id) {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    var idBody = id.value().substring(id.value().indexOf('_') + 1);
    var random = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new CredentialToken(kind, idBody, kind.prefix + "_" + idBody + "_" + random);
  }

  /** What somebody brings, if it has the shape of one of ours. */
  public static Optional<CredentialToken> parse(String secret) {
    var matcher = FORMAT.matcher(secret);
    if (!matcher.matches()) return Optional.empty();
    for (var kind : Kind.values())
      if (kind.prefix.equals(matcher.group(1)))
        return Optional.of(new CredentialToken(kind, matcher.group(2), secret));
    return Optional.empty();
  }

  /** Of a key or an agent's token: which one it is. */
  public CredentialId credential() {
    return new CredentialId(CredentialId.PREFIX + "_" + idBody);
  }

  /** How it begins: enough to tell it from others. */
  public String prefix() {
    return kind.prefix + "_" + idBody;
  }

  public byte[] sha256() {
    return sha256(secret);
  }

  /** In hex, as events have it. */
  public String hash() {
    return HexFormat.of().formatHex(sha256());
  }

  /** In constant time. */
  public boolean hashesTo(String hash) {
    return MessageDigest.isEqual(
        hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
  }

  public static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return prefix() + "_***";
  }
}
