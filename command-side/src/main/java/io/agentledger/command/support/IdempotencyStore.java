package io.agentledger.command.support;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.Idempotency;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of idempotency keys and what was answered first, for {@link #RETENTION}. Answers are
 * ids and numbers, never content.
 */
public final class IdempotencyStore {
  /** How long a key stands for its first answer. */
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
   * True for the first wish under its key. While that one's transaction is open, the next one waits
   * here; should it be rolled back, the next one is the first.
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

  StoredAnswer find(Provenance provenance, Idempotency idempotency) {
    return sql.sql(
            """
            select command, body_hash, answer_type, answer from idempotency
            where tenant = :tenant and credential = :credential and key = :key""")
        .params(key(provenance, idempotency))
        .query((row, n) -> toStoredAnswer(row))
        .single();
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

  /** Forgets what is older than {@link #RETENTION}; returns how many keys that were. */
  public int purge() {
    return sql.sql("delete from idempotency where created_at < now() - make_interval(secs => :age)")
        .param("age", RETENTION.toSeconds())
        .update();
  }
}
