package io.agentledger.command.support;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.FirstAnswers;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Rejection.IdempotencyKeyReused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Table of idempotency keys with the first answers, kept for {@link #RETENTION}. Answers are ids
 * and numbers, never content.
 */
public final class IdempotencyStore implements FirstAnswers {
  /** How long a key and its first answer are kept. */
  public static final Duration RETENTION = Duration.ofHours(24);

  private final JdbcClient sql;
  private final Serializer json;

  /** Command that was sent under a key and its answer; null if it had none. */
  record StoredAnswer(String command, String bodyHash, @Nullable Object answer) {}

  public IdempotencyStore(JdbcClient sql, Serializer json) {
    this.sql = sql;
    this.json = json;
  }

  /**
   * Reserves a key and returns true for the first command. While that command's transaction is
   * open, the next command with the key waits here; if it is rolled back, the next command is the
   * first.
   */
  boolean reserve(Provenance provenance, Idempotency idempotency, String command) {
    return sql.sql(
                """
                insert into idempotency (tenant, credential, key, command, body_hash)
                values (:tenant, :credential, :key, :command, :hash) on conflict do nothing""")
            .params(key(provenance, idempotency))
            .param("command", command)
            .param("hash", idempotency.bodyHash())
            .update()
        == 1;
  }

  void save(Provenance provenance, Idempotency idempotency, @Nullable Object answer) {
    if (answer == null) return;
    sql.sql(
            """
            update idempotency set answer_type = :type, answer = :answer::jsonb
            where tenant = :tenant and credential = :credential and key = :key""")
        .params(key(provenance, idempotency))
        .param("type", IdempotencyAnswers.nameOf(answer))
        .param("answer", json.serialize(answer, String.class).getData())
        .update();
  }

  /**
   * Returns the first answer of a command.
   *
   * @throws RejectionException if the key was used for another request
   */
  StoredAnswer find(Provenance provenance, Idempotency idempotency, String command) {
    return findStored(provenance, idempotency, command).orElseThrow();
  }

  @Override
  public Optional<Object> find(Provenance sender, Class<?> command, Idempotency idempotency) {
    return findStored(sender, idempotency, StableNames.of(command)).map(StoredAnswer::answer);
  }

  private Optional<StoredAnswer> findStored(
      Provenance provenance, Idempotency idempotency, String command) {
    var stored = findStored(provenance, idempotency);
    if (stored
        .filter(
            answer ->
                !answer.command().equals(command)
                    || !answer.bodyHash().equals(idempotency.bodyHash()))
        .isPresent()) throw new RejectionException(new IdempotencyKeyReused(idempotency.key()));
    return stored;
  }

  private Optional<StoredAnswer> findStored(Provenance provenance, Idempotency idempotency) {
    return sql.sql(
            """
            select command, body_hash, answer_type, answer from idempotency
            where tenant = :tenant and credential = :credential and key = :key""")
        .params(key(provenance, idempotency))
        .query((row, n) -> toStoredAnswer(row))
        .optional();
  }

  private StoredAnswer toStoredAnswer(ResultSet row) throws SQLException {
    var type = row.getString("answer_type");
    var answer =
        type == null
            ? null
            : json.deserialize(
                new SimpleSerializedObject<>(
                    row.getString("answer"),
                    String.class,
                    IdempotencyAnswers.typeOf(type).getName(),
                    null));
    return new StoredAnswer(row.getString("command"), row.getString("body_hash"), answer);
  }

  private static Map<String, ?> key(Provenance provenance, Idempotency idempotency) {
    return Map.of(
        "tenant", provenance.tenant().value(),
        "credential", provenance.credential().value(),
        "key", idempotency.key());
  }

  /** Deletes keys older than {@link #RETENTION} and returns their number. */
  public int purge() {
    return sql.sql("delete from idempotency where created_at < now() - make_interval(secs => :age)")
        .param("age", RETENTION.toSeconds())
        .update();
  }
}
