package io.agentledger.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** Builds arbitrary tokens, including malicious ones that libraries refuse to write. */
final class TokenBuilder {
  static final long HOUR_SECONDS = 3_600;
  private static final JsonMapper JSON = new JsonMapper();
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair keys;
  private final String keyId;
  private final Map<String, Object> claims;
  private final String type;
  private final long now;

  TokenBuilder(KeyPair keys, String keyId, String type, Map<String, Object> claims, long now) {
    this.keys = keys;
    this.keyId = keyId;
    this.type = type;
    this.claims = Map.copyOf(claims);
    this.now = now;
  }

  KeyPair keys() {
    return keys;
  }

  /** Returns a builder with other keys. */
  TokenBuilder attacker() {
    return new TokenBuilder(otherKeyPair(), keyId, type, claims, now);
  }

  Map<String, Object> header() {
    var header = new LinkedHashMap<String, Object>();
    header.put("alg", algorithm());
    header.put("typ", type);
    header.put("kid", keyId);
    return header;
  }

  Map<String, Object> payload() {
    var payload = new LinkedHashMap<>(claims);
    payload.put("iat", now);
    payload.put("nbf", now);
    payload.put("exp", now + HOUR_SECONDS);
    return payload;
  }

  String algorithm() {
    return switch (keys.getPublic()) {
      case RSAPublicKey rsa -> "RS256";
      case ECPublicKey ec -> "ES256";
      default -> "EdDSA";
    };
  }

  String hmac(int bits, byte[] secret) {
    try {
      var name = "HmacSHA" + bits;
      var mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      var start = start(text(changed(header(), h -> h.put("alg", "HS" + bits))), text(payload()));
      return start + "." + URL.encodeToString(mac.doFinal(start.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException exception) {
      throw new IllegalStateException(exception);
    }
  }

  byte[] pem() {
    var body = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
    return ("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  Map<String, Object> jwk() {
    var jwk = new LinkedHashMap<String, Object>();
    jwk.put("kid", keyId);
    jwk.put("alg", algorithm());
    if (keys.getPublic() instanceof RSAPublicKey rsa) {
      jwk.put("kty", "RSA");
      jwk.put("n", URL.encodeToString(rsa.getModulus().toByteArray()));
      jwk.put("e", URL.encodeToString(rsa.getPublicExponent().toByteArray()));
    } else if (keys.getPublic() instanceof ECPublicKey ec) {
      jwk.put("kty", "EC");
      jwk.put("crv", "P-256");
      jwk.put("x", URL.encodeToString(ec.getW().getAffineX().toByteArray()));
      jwk.put("y", URL.encodeToString(ec.getW().getAffineY().toByteArray()));
    } else {
      var encoded = keys.getPublic().getEncoded();
      jwk.put("kty", "OKP");
      jwk.put("crv", "Ed25519");
      jwk.put(
          "x",
          URL.encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
    }
    return jwk;
  }

  KeyPair otherKeyPair() {
    try {
      var maker = java.security.KeyPairGenerator.getInstance(keys.getPublic().getAlgorithm());
      if (keys.getPublic() instanceof RSAPublicKey) maker.initialize(2048);
      if (keys.getPublic() instanceof ECPublicKey) maker.initialize(256);
      return maker.generateKeyPair();
    } catch (GeneralSecurityException exception) {
      throw new IllegalStateException(exception);
    }
  }

  static Map<String, Object> changed(
      Map<String, Object> map, Consumer<Map<String, Object>> change) {
    change.accept(map);
    return map;
  }

  static String text(Map<String, Object> map) {
    return JSON.writeValueAsString(map);
  }

  String signed(Map<String, Object> header, Map<String, Object> payload) {
    return signed(text(header), text(payload));
  }

  String signed(String header, String payload) {
    try {
      var start = start(header, payload);
      var signature =
          Signature.getInstance(
              switch (keys.getPublic()) {
                case RSAPublicKey rsa -> "SHA256withRSA";
                case ECPublicKey ec -> "SHA256withECDSAinP1363Format";
                default -> "Ed25519";
              });
      signature.initSign(keys.getPrivate());
      signature.update(start.getBytes(StandardCharsets.UTF_8));
      return start + "." + URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException exception) {
      throw new IllegalStateException(exception);
    }
  }

  static String unsigned(String header, String payload) {
    return start(header, payload) + ".";
  }

  static String start(String header, String payload) {
    return URL.encodeToString(header.getBytes(StandardCharsets.ISO_8859_1))
        + "."
        + URL.encodeToString(payload.getBytes(StandardCharsets.ISO_8859_1));
  }
}
