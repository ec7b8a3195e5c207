package io.agentledger.command.flow.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;

/**
 * Private key of a GitHub App, with which the app authenticates itself for some minutes.
 *
 * @param appId id or client id of the app
 * @param pem PKCS#1, as GitHub creates it, or PKCS#8
 */
record GitHubAppKey(String appId, String pem) {
  private static final String PEM_BEGIN = "-----BEGIN";

  /** GitHub accepts ten minutes, and clocks differ. */
  private static final Duration VALIDITY = Duration.ofMinutes(8);

  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  static boolean isKey(String password) {
    return password.stripLeading().startsWith(PEM_BEGIN);
  }

  /** Signs a token of the app. */
  String sign(Instant now) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(appId)
            .issueTime(Date.from(now.minus(CLOCK_SKEW)))
            .expirationTime(Date.from(now.plus(VALIDITY)))
            .build();
    var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
    try {
      jwt.sign(new RSASSASigner(privateKey()));
      return jwt.serialize();
    } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
      throw new ProviderRefusedException(
          "The private key of the GitHub App must be an RSA key of at least 2048 bits in PEM.");
    }
  }

  private PrivateKey privateKey() throws GeneralSecurityException {
    var base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    var der = Base64.getDecoder().decode(base64);
    KeySpec spec =
        pem.contains("BEGIN RSA PRIVATE KEY") ? pkcs1(der) : new PKCS8EncodedKeySpec(der);
    return KeyFactory.getInstance("RSA").generatePrivate(spec);
  }

  private static KeySpec pkcs1(byte[] der) {
    var key = RSAPrivateKey.getInstance(der);
    return new RSAPrivateCrtKeySpec(
        key.getModulus(),
        key.getPublicExponent(),
        key.getPrivateExponent(),
        key.getPrime1(),
        key.getPrime2(),
        key.getExponent1(),
        key.getExponent2(),
        key.getCoefficient());
  }

  @Override
  public String toString() {
    return "GitHubAppKey[***]";
  }
}
