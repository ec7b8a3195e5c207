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
 * A secret that contains the id of its credential: {@code alk_}, the ten characters of the id,
 * {@code _}, and 32 random bytes. The row is found by the id, and the hash of the whole token is
 * compared; 256 random bits need no salt.
 *
 * @param idBody the id without its prefix
 */
public record CredentialToken(Kind kind, String idBody, String secret) {
  private static final int RANDOM_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORMAT =
      Pattern.compile("(al[a-z])_([2-9a-z]{10})_[A-Za-z0-9_-]{43}");

  /** Kind of a token; secret scanners recognize it by the first four characters. */
  public enum Kind {
    /** API key of a user. */
    API_KEY("alk"),
    /** Token of an agent. */
    AGENT_TOKEN("alt"),
    /** Refresh token of a login. */
    REFRESH_TOKEN("alr"),
    /** Token of an invitation. */
    INVITATION("ali");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /** Generates a new token for this id. */
  public static CredentialToken generate(Kind kind, Id id) {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    var idBody = id.value().substring(id.value().indexOf('_') + 1);
    var random = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new CredentialToken(kind, idBody, kind.prefix + "_" + idBody + "_" + random);
  }

  /** Parses a presented token; empty if it does not have the format of one. */
  public static Optional<CredentialToken> parse(String secret) {
    var matcher = FORMAT.matcher(secret);
    if (!matcher.matches()) return Optional.empty();
    for (var kind : Kind.values())
      if (kind.prefix.equals(matcher.group(1)))
        return Optional.of(new CredentialToken(kind, matcher.group(2), secret));
    return Optional.empty();
  }

  /** Returns the credential id of a key or an agent's token. */
  public CredentialId credential() {
    return new CredentialId(CredentialId.PREFIX + "_" + idBody);
  }

  /** Returns the prefix of the token, which identifies it without revealing it. */
  public String prefix() {
    return kind.prefix + "_" + idBody;
  }

  public byte[] sha256() {
    return sha256(secret);
  }

  /** Returns the hash in hex, as recorded in events. */
  public String hash() {
    return HexFormat.of().formatHex(sha256());
  }

  /** Returns whether the token has this hash; compares in constant time. */
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
