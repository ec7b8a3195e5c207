package io.agentledger.command.vault;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.VaultRejection;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretType;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultCommand;
import io.agentledger.api.vault.VaultId;
import io.agentledger.store.crypto.SecretSealer;
import io.agentledger.store.event.JsonMappers;
import io.agentledger.store.support.BoundedMap;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values of secrets, each sealed with its vault's data key, with vault, name, version and type
 * authenticated. They are in the keyring's schema, which is never in the same backup as the events.
 */
final class SealedSecretStore implements SecretStore, SecretReader {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final int RECORDED_SECRETS_MAX = 10_000;

  private final JdbcClient sql;
  private final SecretSealer secretSealer;
  private final Clock clock;
  private final Map<SecretRef, Long> recordedMinutes =
      BoundedMap.accessOrdered(RECORDED_SECRETS_MAX);

  SealedSecretStore(JdbcClient sql, SecretSealer secretSealer, Clock clock) {
    this.sql = sql;
    this.secretSealer = secretSealer;
    this.clock = clock;
  }

  @Override
  public void create(TenantId tenant, VaultId vault) {
    sql.sql("insert into keyring.vault (vault_id, tenant) values (?, ?)")
        .params(vault.value(), tenant.value())
        .update();
  }

  @Override
  public void put(VaultId vault, String name, long version, SecretValue value) {
    byte[] plain = JSON.writerFor(SecretValue.class).writeValueAsBytes(value);
    if (plain.length > VaultCommand.SECRET_BYTES_MAX)
      throw new RejectionException(
          new VaultRejection.SecretTooLarge(VaultCommand.SECRET_BYTES_MAX));
    var associatedData = associatedData(vault.value(), name, version, value.type());
    sql.sql(
            """
            insert into keyring.vault_value (vault_id, name, version, type, sealed)
            values (?, ?, ?, ?, ?)
            on conflict (vault_id, name) do update
            set version = excluded.version, type = excluded.type, sealed = excluded.sealed""")
        .params(
            vault.value(),
            name,
            version,
            value.type().name(),
            secretSealer.seal(vault.value(), plain, associatedData))
        .update();
  }

  @Override
  public void remove(VaultId vault, String name) {
    sql.sql("delete from keyring.vault_value where vault_id = ? and name = ?")
        .params(vault.value(), name)
        .update();
  }

  @Override
  public void eraseVault(VaultId vault) {
    sql.sql("delete from keyring.vault_value where vault_id = ?").param(vault.value()).update();
    // The key is deleted, too, so that values in a backup cannot be decrypted.
    sql.sql("delete from keyring.session_key where key_id = ?").param(vault.value()).update();
    sql.sql("update keyring.vault set archived = true where vault_id = ?")
        .param(vault.value())
        .update();
  }

  @Override
  public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
    return openVersioned(tenant, vault, name).map(VersionedSecret::value);
  }

  @Override
  public Optional<VersionedSecret> openVersioned(TenantId tenant, VaultId vault, String name) {
    var secret =
        sql.sql(
                """
                select v.version, v.type, v.sealed from keyring.vault_value v
                join keyring.vault using (vault_id)
                where tenant = ? and not archived and vault_id = ? and name = ?""")
            .params(tenant.value(), vault.value(), name)
            .query(
                (row, n) ->
                    new VersionedSecret(
                        row.getLong(1),
                        open(
                            vault.value(),
                            row.getBytes(3),
                            associatedData(
                                vault.value(),
                                name,
                                row.getLong(1),
                                SecretType.valueOf(row.getString(2))))))
            .optional();
    if (secret.isPresent()) recordUse(vault, name);
    return secret;
  }

  private SecretValue open(String vault, byte[] sealed, String associatedData) {
    return JSON.readValue(secretSealer.open(vault, sealed, associatedData), SecretValue.class);
  }

  /**
   * Records the use of a secret to the minute, so that a frequently used secret causes one write
   * per minute.
   */
  private void recordUse(VaultId vault, String name) {
    long minute = clock.instant().getEpochSecond() / 60;
    synchronized (recordedMinutes) {
      var recorded = recordedMinutes.put(new SecretRef(vault, name), minute);
      if (recorded != null && recorded == minute) return; // The statement would lock the row.
    }
    sql.sql(
            """
            insert into vault_use (vault_id, name, last_used_at)
            values (?, ?, date_trunc('minute', now()))
            on conflict (vault_id, name) do update set last_used_at = excluded.last_used_at
            where vault_use.last_used_at < excluded.last_used_at""")
        .params(vault.value(), name)
        .update();
  }

  @Override
  public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
    if (vaults.isEmpty()) return List.of();
    var usable =
        sql.sql(
                """
                select vault_id from keyring.vault
                where tenant = ? and not archived and vault_id = any (?)""")
            .params(tenant.value(), vaults.stream().map(VaultId::value).toArray(String[]::new))
            .query(String.class)
            .list();
    return vaults.stream().filter(vault -> !usable.contains(vault.value())).toList();
  }

  private static String associatedData(
      String vault, String name, long version, SecretType secretType) {
    return vault + '/' + name + '/' + version + '/' + secretType.name();
  }
}
