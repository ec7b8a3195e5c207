package io.agentledger.gateway;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Invalid tokens that differ from a valid one by one property, which is their name. They depend
 * only on a signing key, so that all verifiers of tokens can be tested with them.
 *
 * <pre>{@code
 * var tokens = new InvalidTokens(keys, "kid-1", Map.of("iss", ..., "aud", ..., "sub", ...), now);
 * assertThat(call(tokens.validToken())).isEqualTo(200);
 * tokens.all().forEach((name, token) -> assertThat(call(token)).as(name).isEqualTo(401));
 * }</pre>
 */
public final class InvalidTokens {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private final TokenBuilder tokenBuilder;
  private final Map<String, Object> claims;
  private final long now;

  /**
   * Creates the tokens.
   *
   * @param keys of RSA (RS256), EC P-256 (ES256) or Ed25519 (EdDSA)
   * @param claims of a valid token, without {@code iat}, {@code nbf} and {@code exp}
   */
  public InvalidTokens(KeyPair keys, String keyId, Map<String, Object> claims, Instant now) {
    this(keys, keyId, "JWT", claims, now);
  }

  /**
   * Creates the tokens.
   *
   * @param type the header {@code typ} of a valid token
   */
  public InvalidTokens(
      KeyPair keys, String keyId, String type, Map<String, Object> claims, Instant now) {
    this.claims = Map.copyOf(claims);
    this.now = now.getEpochSecond();
    this.tokenBuilder = new TokenBuilder(keys, keyId, type, claims, this.now);
  }

  /** Returns the valid token from which all others are derived. */
  public String validToken() {
    return tokenBuilder.signed(tokenBuilder.header(), tokenBuilder.payload());
  }

  /** Returns the invalid tokens by their defect. */
  public Map<String, String> all() {
    var all = new LinkedHashMap<String, String>();
    shapes(all);
    types(all);
    algorithms(all);
    keys(all);
    times(all);
    audiences(all);
    payloads(all);
    ambiguities(all);
    return all;
  }

  private void shapes(Map<String, String> all) {
    var good = validToken();
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
        swap(good, tokenBuilder.signed(tokenBuilder.header(), withClaim("sub", "usr_other"))));
    all.put("a bit of the signature turned", parts[0] + "." + parts[1] + "." + turned(parts[2]));
    all.put("a bit of the payload turned", parts[0] + "." + turned(parts[1]) + "." + parts[2]);
    all.put("a bit of the header turned", turned(parts[0]) + "." + parts[1] + "." + parts[2]);
    all.put(
        "a signature of zeros", parts[0] + "." + parts[1] + "." + URL.encodeToString(new byte[64]));
    all.put("a signature in DER of zeros", parts[0] + "." + parts[1] + ".MAYCAQACAQA");
    all.put(
        "one of many kilobytes",
        tokenBuilder.signed(tokenBuilder.header(), withClaim("x", "x".repeat(7_000))) + "x");
    all.put("padding behind the signature", good + "==");
    all.put("padding behind the header", parts[0] + "=." + parts[1] + "." + parts[2]);
    all.put("bits behind the signature that mean nothing", withUnusedBits(good));
    all.put("the other alphabet of base64", good.replace('-', '+').replace('_', '/') + "+");
    all.put("no JSON in the header", TokenBuilder.unsigned("{", "{}"));
    all.put("an array for a header", TokenBuilder.unsigned("[]", "{}"));
    all.put(
        "a deep header",
        TokenBuilder.unsigned("{\"a\":".repeat(900) + "1" + "}".repeat(900), "{}"));
    all.put(
        "a header with two algorithms",
        TokenBuilder.unsigned("{\"alg\":\"none\",\"alg\":\"none\"}", "{}"));
  }

  /** Combines the payload of the first token with the signature of the second. */
  private static String swap(String token, String other) {
    return token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
  }

  /** Changes unused bits of the last letter: a signature of 64 or 256 bytes leaves four bits. */
  private static String withUnusedBits(String token) {
    char last = token.charAt(token.length() - 1);
    int index = ALPHABET.indexOf(last);
    return token.substring(0, token.length() - 1) + ALPHABET.charAt(index ^ 1);
  }

  private static String turned(String part) {
    var bytes = Base64.getUrlDecoder().decode(part);
    bytes[bytes.length / 2] ^= 1;
    return URL.encodeToString(bytes);
  }

  /** Tokens that were issued for another purpose. */
  private void types(Map<String, String> all) {
    for (var type : new String[] {"dpop+jwt", "logout+jwt", "secevent+jwt", ""})
      all.put(
          "the type '" + type + "'",
          tokenBuilder.signed(
              TokenBuilder.changed(tokenBuilder.header(), h -> h.put("typ", type)),
              tokenBuilder.payload()));
  }

  private void algorithms(Map<String, String> all) {
    for (var none : new String[] {"none", "None", "NONE", "nOnE", ""}) {
      var header = TokenBuilder.changed(tokenBuilder.header(), h -> h.put("alg", none));
      all.put(
          "algorithm '" + none + "', unsigned",
          TokenBuilder.unsigned(
              TokenBuilder.text(header), TokenBuilder.text(tokenBuilder.payload())));
      all.put(
          "algorithm '" + none + "', signed", tokenBuilder.signed(header, tokenBuilder.payload()));
    }
    all.put(
        "no algorithm",
        tokenBuilder.signed(
            TokenBuilder.changed(tokenBuilder.header(), h -> h.remove("alg")),
            tokenBuilder.payload()));
    all.put(
        "a number for an algorithm",
        tokenBuilder.signed(
            TokenBuilder.changed(tokenBuilder.header(), h -> h.put("alg", 1)),
            tokenBuilder.payload()));
    all.put(
        "another algorithm",
        tokenBuilder.signed(
            TokenBuilder.changed(tokenBuilder.header(), h -> h.put("alg", "PS512")),
            tokenBuilder.payload()));
    for (int bits : new int[] {256, 384, 512}) {
      all.put(
          "HS" + bits + " by the public key",
          tokenBuilder.hmac(bits, tokenBuilder.keys().getPublic().getEncoded()));
      all.put(
          "HS" + bits + " by the public key in PEM", tokenBuilder.hmac(bits, tokenBuilder.pem()));
      all.put(
          "HS" + bits + " by a guess",
          tokenBuilder.hmac(bits, "secret".getBytes(StandardCharsets.UTF_8)));
      all.put("HS" + bits + " by zeros", tokenBuilder.hmac(bits, new byte[32]));
    }
  }

  /** Tokens that are signed by another key, or refer to one. */
  private void keys(Map<String, String> all) {
    var attacker = tokenBuilder.attacker();
    all.put(
        "somebody else's key under our id",
        attacker.signed(tokenBuilder.header(), tokenBuilder.payload()));
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
              TokenBuilder.changed(tokenBuilder.header(), h -> h.put("kid", id)),
              tokenBuilder.payload()));
    all.put(
        "no key id",
        attacker.signed(
            TokenBuilder.changed(tokenBuilder.header(), h -> h.remove("kid")),
            tokenBuilder.payload()));
    for (var pointer : new String[] {"jku", "x5u"})
      all.put(
          "a " + pointer + " of its own",
          attacker.signed(
              TokenBuilder.changed(
                  tokenBuilder.header(),
                  h -> {
                    h.put(pointer, "http://127.0.0.1:1/jwks.json");
                    h.put("kid", "theirs");
                  }),
              tokenBuilder.payload()));
    var theirs = Base64.getEncoder().encodeToString(attacker.keys().getPublic().getEncoded());
    all.put(
        "a key of its own",
        attacker.signed(
            TokenBuilder.changed(tokenBuilder.header(), h -> h.put("jwk", attacker.jwk())),
            tokenBuilder.payload()));
    all.put(
        "a certificate of its own",
        attacker.signed(
            TokenBuilder.changed(tokenBuilder.header(), h -> h.put("x5c", new String[] {theirs})),
            tokenBuilder.payload()));
    all.put(
        "a critical extension",
        tokenBuilder.signed(
            TokenBuilder.changed(
                tokenBuilder.header(), h -> h.putAll(Map.of("crit", new String[] {"x"}, "x", 1))),
            tokenBuilder.payload()));
    all.put(
        "a payload that is not encoded",
        tokenBuilder.signed(
            TokenBuilder.changed(
                tokenBuilder.header(),
                h -> h.putAll(Map.of("crit", new String[] {"b64"}, "b64", false))),
            tokenBuilder.payload()));
  }

  private static String shown(Object id) {
    var text = id + "";
    return text.length() > 30 ? "of " + text.length() + " letters" : "'" + text + "'";
  }

  private void times(Map<String, String> all) {
    all.put("expired an hour ago", withTime("exp", now - TokenBuilder.HOUR_SECONDS));
    all.put("expired two minutes ago", withTime("exp", now - 120));
    all.put("expired in 1970", withTime("exp", 0));
    all.put("never expires", withoutClaim("exp"));
    all.put("expires at a word", withTime("exp", "tomorrow"));
    all.put("expires before time", withTime("exp", -1));
    all.put("expires at null", withTime("exp", null));
    all.put("not yet valid", withTime("nbf", now + TokenBuilder.HOUR_SECONDS));
  }

  private void audiences(Map<String, String> all) {
    for (var claim : new String[] {"iss", "aud", "sub"}) {
      if (!claims.containsKey(claim)) continue;
      all.put("without " + claim, withoutClaim(claim));
      all.put("with an empty " + claim, withTime(claim, ""));
      all.put("with another " + claim, withTime(claim, "https://evil.example"));
      all.put("with a number for " + claim, withTime(claim, 1));
    }
    if (claims.containsKey("iss")) {
      all.put("an issuer with a slash more", withTime("iss", claims.get("iss") + "/"));
      all.put(
          "an issuer that begins like ours", withTime("iss", claims.get("iss") + ".evil.example"));
    }
    if (claims.containsKey("aud"))
      all.put(
          "for others only",
          withTime("aud", new String[] {"https://a.example", "https://b.example"}));
  }

  /** Correctly signed tokens with a payload that is not claims. */
  private void payloads(Map<String, String> all) {
    for (var text : new String[] {"", "null", "[]", "\"a\"", "{", "{}", "{\"exp\":1}x"})
      all.put(
          "the payload " + (text.isEmpty() ? "of nothing" : text),
          tokenBuilder.signed(TokenBuilder.text(tokenBuilder.header()), text));
    all.put(
        "a deep payload",
        tokenBuilder.signed(
            TokenBuilder.text(tokenBuilder.header()),
            "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}"));
    all.put(
        "a payload that is no UTF-8",
        tokenBuilder.signed(
            TokenBuilder.text(tokenBuilder.header()), "{\"sub\":\"\u00ff\u00fe\"}"));
  }

  /** Correctly signed tokens that are ambiguous. */
  private void ambiguities(Map<String, String> all) {
    var header = TokenBuilder.text(tokenBuilder.header());
    var payload = TokenBuilder.text(tokenBuilder.payload());
    var algorithm = tokenBuilder.algorithm();
    all.put("'none' before its algorithm", signed(with(header, "\"alg\":\"none\""), payload));
    all.put("'none' behind its algorithm", signed(followed(header, "\"alg\":\"none\""), payload));
    all.put("two key ids", signed(with(header, "\"kid\":\"theirs\""), payload));
    all.put("two types", signed(with(header, "\"typ\":\"JWT\""), payload));
    for (var claim : claims.keySet()) {
      var second = "\"" + claim + "\":\"usr_3333333333\"";
      all.put("another " + claim + " before its own", signed(header, with(payload, second)));
      all.put("another " + claim + " behind its own", signed(header, followed(payload, second)));
    }
    all.put("two expiries", signed(header, with(payload, "\"exp\":1")));
    all.put("text behind the claims", signed(header, payload + "x"));
    all.put("a second object behind the claims", signed(header, payload + "{}"));
    all.put("a comment in the claims", signed(header, with(payload, "/**/\"x\":1")));
    all.put("claims in single quotes", signed(header, payload.replace('"', '\'')));
    all.put("claims behind a prefix", signed(header, ")]}'\n" + payload));
    all.put("a header in single quotes", signed(header.replace('"', '\''), payload));
    all.put("text behind the header", signed(header + "x", payload));
    all.put("a token in the token", signed(header, validToken()));
    all.put("an empty list of what is critical", signed(with(header, "\"crit\":[]"), payload));
    for (var name :
        List.of(algorithm.toLowerCase(Locale.ROOT), algorithm + " ", algorithm + "\u0000"))
      all.put(
          "the algorithm '" + name.replace('\u0000', '0') + "'",
          tokenBuilder.signed(
              TokenBuilder.changed(tokenBuilder.header(), h -> h.put("alg", name)),
              tokenBuilder.payload()));
    for (var number : List.of("1e400", "-1e400", "\"4102444800\"", "[4102444800]", "true"))
      all.put(
          "expires at " + number,
          signed(
              header,
              TokenBuilder.text(
                      TokenBuilder.changed(tokenBuilder.payload(), claim -> claim.remove("exp")))
                  .replaceFirst("\\{", "{\"exp\":" + number + ",")));
  }

  private String signed(String header, String payload) {
    return tokenBuilder.signed(header, payload);
  }

  /** Inserts a member before all others. */
  private static String with(String object, String member) {
    return "{" + member + "," + object.substring(1);
  }

  /** Appends a member after all others. */
  private static String followed(String object, String member) {
    return object.substring(0, object.length() - 1) + "," + member + "}";
  }

  private String withTime(String claim, Object value) {
    return tokenBuilder.signed(tokenBuilder.header(), withClaim(claim, value));
  }

  private String withoutClaim(String claim) {
    return tokenBuilder.signed(
        tokenBuilder.header(),
        TokenBuilder.changed(tokenBuilder.payload(), payload -> payload.remove(claim)));
  }

  private Map<String, Object> withClaim(String claim, Object value) {
    return TokenBuilder.changed(tokenBuilder.payload(), payload -> payload.put(claim, value));
  }
}
