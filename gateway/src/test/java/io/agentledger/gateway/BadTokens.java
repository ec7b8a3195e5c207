package io.agentledger.gateway;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokens that must not open anything, each one step away from a good one: what is wrong is in its
 * name. Pure functions of a signing key; whoever takes tokens tests with all of them.
 *
 * <pre>{@code
 * var maker = new BadTokens(keys, "kid-1", Map.of("iss", ..., "aud", ..., "sub", ...), now);
 * assertThat(ask(maker.good())).isEqualTo(200);
 * maker.all().forEach((name, token) -> assertThat(ask(token)).as(name).isEqualTo(401));
 * }</pre>
 */
public final class BadTokens {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private final TokenForge forge;
  private final Map<String, Object> claims;
  private final long now;

  /**
   * @param keys of RSA (RS256), EC P-256 (ES256) or Ed25519 (EdDSA)
   * @param claims of a good token, without {@code iat}, {@code nbf} and {@code exp}
   */
  public BadTokens(KeyPair keys, String keyId, Map<String, Object> claims, Instant now) {
    this(keys, keyId, "JWT", claims, now);
  }

  /**
   * @param type the header {@code typ} of a good token
   */
  public BadTokens(
      KeyPair keys, String keyId, String type, Map<String, Object> claims, Instant now) {
    this.claims = Map.copyOf(claims);
    this.now = now.getEpochSecond();
    this.forge = new TokenForge(keys, keyId, type, claims, this.now);
  }

  /** The one that all others are made from. */
  public String good() {
    return forge.signed(forge.header(), forge.payload());
  }

  /** What is wrong, and the token. */
  public Map<String, String> all() {
    var all = new LinkedHashMap<String, String>();
    shapes(all);
    types(all);
    algorithms(all);
    keys(all);
    times(all);
    audiences(all);
    payloads(all);
    return all;
  }

  private void shapes(Map<String, String> all) {
    var good = good();
    var parts = good.split("\\.");
    all.put("blank", " ");
    all.put("a word", "token");
    all.put("two dots", "..");
    all.put("two parts", parts[0] + "." + parts[1]);
    all.put("no signature", parts[0] + "." + parts[1] + ".");
    all.put("no payload", parts[0] + ".." + parts[2]);
    all.put("four parts", good + ".a");
    all.put("five parts, as if encrypted", good + ".a.b");
    all.put("a space inside", parts[0] + ". " + parts[1] + "." + parts[2]);
    all.put("another alphabet", good.replace('.', '+'));
    all.put("truncated", good.substring(0, good.length() - 10));
    all.put("truncated to the payload", good.substring(0, parts[0].length() + 20));
    all.put(
        "another token's signature",
        swap(good, forge.signed(forge.header(), with("sub", "usr_other"))));
    all.put("a bit of the signature turned", parts[0] + "." + parts[1] + "." + turned(parts[2]));
    all.put("a bit of the payload turned", parts[0] + "." + turned(parts[1]) + "." + parts[2]);
    all.put("a bit of the header turned", turned(parts[0]) + "." + parts[1] + "." + parts[2]);
    all.put(
        "a signature of zeros", parts[0] + "." + parts[1] + "." + URL.encodeToString(new byte[64]));
    all.put("a signature in DER of zeros", parts[0] + "." + parts[1] + ".MAYCAQACAQA");
    all.put(
        "one of many kilobytes", forge.signed(forge.header(), with("x", "x".repeat(7_000))) + "x");
    all.put("no JSON in the header", TokenForge.unsigned("{", "{}"));
    all.put("an array for a header", TokenForge.unsigned("[]", "{}"));
    all.put(
        "a deep header", TokenForge.unsigned("{\"a\":".repeat(900) + "1" + "}".repeat(900), "{}"));
    all.put(
        "a header with two algorithms",
        TokenForge.unsigned("{\"alg\":\"none\",\"alg\":\"none\"}", "{}"));
  }

  /** The payload of the first is kept, with the signature of the second. */
  private static String swap(String token, String other) {
    return token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
  }

  private static String turned(String part) {
    var bytes = Base64.getUrlDecoder().decode(part);
    bytes[bytes.length / 2] ^= 1;
    return URL.encodeToString(bytes);
  }

  /** What was signed for another purpose. */
  private void types(Map<String, String> all) {
    for (var type : new String[] {"dpop+jwt", "logout+jwt", "secevent+jwt", ""})
      all.put(
          "the type '" + type + "'",
          forge.signed(
              TokenForge.changed(forge.header(), h -> h.put("typ", type)), forge.payload()));
  }

  private void algorithms(Map<String, String> all) {
    for (var none : new String[] {"none", "None", "NONE", "nOnE", ""}) {
      var header = TokenForge.changed(forge.header(), h -> h.put("alg", none));
      all.put(
          "algorithm '" + none + "', unsigned",
          TokenForge.unsigned(TokenForge.text(header), TokenForge.text(forge.payload())));
      all.put("algorithm '" + none + "', signed", forge.signed(header, forge.payload()));
    }
    all.put(
        "no algorithm",
        forge.signed(TokenForge.changed(forge.header(), h -> h.remove("alg")), forge.payload()));
    all.put(
        "a number for an algorithm",
        forge.signed(TokenForge.changed(forge.header(), h -> h.put("alg", 1)), forge.payload()));
    all.put(
        "another algorithm",
        forge.signed(
            TokenForge.changed(forge.header(), h -> h.put("alg", "PS512")), forge.payload()));
    for (int bits : new int[] {256, 384, 512}) {
      all.put(
          "HS" + bits + " by the public key",
          forge.hmac(bits, forge.keys().getPublic().getEncoded()));
      all.put("HS" + bits + " by the public key in PEM", forge.hmac(bits, forge.pem()));
      all.put(
          "HS" + bits + " by a guess", forge.hmac(bits, "secret".getBytes(StandardCharsets.UTF_8)));
      all.put("HS" + bits + " by zeros", forge.hmac(bits, new byte[32]));
    }
  }

  /** Signed by somebody else, or with a pointer to whose key it should be. */
  private void keys(Map<String, String> all) {
    var attacker = forge.attacker();
    all.put("somebody else's key under our id", attacker.signed(forge.header(), forge.payload()));
    var keyIds =
        new Object[] {
          "unknown",
          "",
          "../../../../dev/null",
          "' OR 1=1 --",
          "http://127.0.0.1/jwks",
          1,
          "x".repeat(900)
        };
    for (var id : keyIds)
      all.put(
          "key id " + shown(id),
          attacker.signed(
              TokenForge.changed(forge.header(), h -> h.put("kid", id)), forge.payload()));
    all.put(
        "no key id",
        attacker.signed(TokenForge.changed(forge.header(), h -> h.remove("kid")), forge.payload()));
    for (var pointer : new String[] {"jku", "x5u"})
      all.put(
          "a " + pointer + " of its own",
          attacker.signed(
              TokenForge.changed(
                  forge.header(),
                  h -> {
                    h.put(pointer, "http://127.0.0.1:1/jwks.json");
                    h.put("kid", "theirs");
                  }),
              forge.payload()));
    var theirs = Base64.getEncoder().encodeToString(attacker.keys().getPublic().getEncoded());
    all.put(
        "a key of its own",
        attacker.signed(
            TokenForge.changed(forge.header(), h -> h.put("jwk", attacker.jwk())),
            forge.payload()));
    all.put(
        "a certificate of its own",
        attacker.signed(
            TokenForge.changed(forge.header(), h -> h.put("x5c", new String[] {theirs})),
            forge.payload()));
    all.put(
        "a critical extension",
        forge.signed(
            TokenForge.changed(
                forge.header(), h -> h.putAll(Map.of("crit", new String[] {"x"}, "x", 1))),
            forge.payload()));
    all.put(
        "a payload that is not encoded",
        forge.signed(
            TokenForge.changed(
                forge.header(), h -> h.putAll(Map.of("crit", new String[] {"b64"}, "b64", false))),
            forge.payload()));
  }

  private static String shown(Object id) {
    var text = id + "";
    return text.length() > 30 ? "of " + text.length() + " letters" : "'" + text + "'";
  }

  private void times(Map<String, String> all) {
    all.put("expired an hour ago", at("exp", now - TokenForge.HOUR_SECONDS));
    all.put("expired two minutes ago", at("exp", now - 120));
    all.put("expired in 1970", at("exp", 0));
    all.put("never expires", without("exp"));
    all.put("expires at a word", at("exp", "tomorrow"));
    all.put("expires before time", at("exp", -1));
    all.put("expires at null", at("exp", null));
    all.put("not yet valid", at("nbf", now + TokenForge.HOUR_SECONDS));
  }

  private void audiences(Map<String, String> all) {
    for (var claim : new String[] {"iss", "aud", "sub"}) {
      if (!claims.containsKey(claim)) continue;
      all.put("without " + claim, without(claim));
      all.put("with an empty " + claim, at(claim, ""));
      all.put("with another " + claim, at(claim, "https://evil.example"));
      all.put("with a number for " + claim, at(claim, 1));
    }
    if (claims.containsKey("iss")) {
      all.put("an issuer with a slash more", at("iss", claims.get("iss") + "/"));
      all.put("an issuer that begins like ours", at("iss", claims.get("iss") + ".evil.example"));
    }
    if (claims.containsKey("aud"))
      all.put(
          "for others only", at("aud", new String[] {"https://a.example", "https://b.example"}));
  }

  /** Well signed, and yet no claims. */
  private void payloads(Map<String, String> all) {
    for (var text : new String[] {"", "null", "[]", "\"a\"", "{", "{}", "{\"exp\":1}x"})
      all.put(
          "the payload " + (text.isEmpty() ? "of nothing" : text),
          forge.signed(TokenForge.text(forge.header()), text));
    all.put(
        "a deep payload",
        forge.signed(
            TokenForge.text(forge.header()),
            "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}"));
    all.put(
        "a payload that is no UTF-8",
        forge.signed(TokenForge.text(forge.header()), "{\"sub\":\"\u00ff\u00fe\"}"));
  }

  private String at(String claim, Object value) {
    return forge.signed(forge.header(), with(claim, value));
  }

  private String without(String claim) {
    return forge.signed(
        forge.header(), TokenForge.changed(forge.payload(), payload -> payload.remove(claim)));
  }

  private Map<String, Object> with(String claim, Object value) {
    return TokenForge.changed(forge.payload(), payload -> payload.put(claim, value));
  }
}
