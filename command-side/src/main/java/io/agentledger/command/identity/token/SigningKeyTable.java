package io.agentledger.command.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.command.identity.shared.InstallationSecrets;
import io.agentledger.store.crypto.SecretSealer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of signing keys. The private parts are sealed; only {@link #open} opens them. */
final class SigningKeyTable {
  private static final String LOCK = "select pg_advisory_xact_lock(7309453672)";

  private final JdbcClient sql;
  private final SecretSealer secretSealer;

  SigningKeyTable(DataSource database, SecretSealer secretSealer) {
    this.sql = JdbcClient.create(database);
    this.secretSealer = secretSealer;
  }

  /**
   * A key's public part and times.
   *
   * @param publicJwk a JWK (RFC 7517)
   */
  record Row(
      CredentialId id, String publicJwk, byte[] sealed, Instant createdAt, Instant signsFrom) {}

  /** Locks the table for other nodes until the transaction ends. */
  void lock() {
    sql.sql(LOCK).query(row -> {});
  }

  /** Returns the keys whose tokens may still be in use, newest first. */
  List<Row> findPublished(Instant now) {
    return sql.sql(
            """
            select key_id, public_jwk, sealed, created_at, active_from from keyring.signing_key
            where published_until is null or published_until > ? order by active_from desc""")
        .param(Timestamp.from(now))
        .query((row, n) -> row(row))
        .list();
  }

  Optional<Row> findNewest() {
    return sql.sql(
            """
            select key_id, public_jwk, sealed, created_at, active_from from keyring.signing_key
            order by active_from desc limit 1""")
        .query((row, n) -> row(row))
        .optional();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new CredentialId(row.getString("key_id")),
        row.getString("public_jwk"),
        row.getBytes("sealed"),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("active_from").toInstant());
  }

  /** Adds a key; the one before it is published until {@code lastToken}. */
  void add(CredentialId id, Instant now, Instant signsFrom, Instant publishedUntil) {
    var key = generate(id);
    sql.sql("update keyring.signing_key set published_until = ? where published_until is null")
        .param(Timestamp.from(publishedUntil))
        .update();
    sql.sql(
            """
            insert into keyring.signing_key (key_id, public_jwk, sealed, created_at, active_from)
            values (?, ?, ?, ?, ?)""")
        .params(
            id.value(),
            key.toPublicJWK().toJSONString(),
            secretSealer.seal(
                InstallationSecrets.KEY,
                key.toJSONString().getBytes(StandardCharsets.UTF_8),
                associatedData(id)),
            Timestamp.from(now),
            Timestamp.from(signsFrom))
        .update();
  }

  private static ECKey generate(CredentialId id) {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyID(id.value())
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot make a signing key", e);
    }
  }

  /** Returns the key with its private part. */
  ECKey open(Row row) {
    var json =
        new String(
            secretSealer.open(InstallationSecrets.KEY, row.sealed(), associatedData(row.id())),
            StandardCharsets.UTF_8);
    try {
      return ECKey.parse(json);
    } catch (ParseException e) {
      throw new IllegalStateException("the signing key " + row.id() + " cannot be read", e);
    }
  }

  private static String associatedData(CredentialId id) {
    return "signing/" + id.value();
  }

  /** Deletes keys that are not needed any more and returns their number. */
  int purge(Instant now) {
    return sql.sql("delete from keyring.signing_key where published_until < ?")
        .param(Timestamp.from(now))
        .update();
  }
}
