package io.agentledger.command.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.MasterKeyCommand.RetireMasterKey;
import io.agentledger.api.vault.MasterKeyCommand.RotateMasterKey;
import io.agentledger.api.vault.MasterKeyEvent.MasterKeyRetired;
import io.agentledger.api.vault.MasterKeyEvent.MasterKeyRotationFinished;
import io.agentledger.api.vault.MasterKeyEvent.MasterKeyRotationStarted;
import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretValue.EnvironmentVariable;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.CommandTestSupport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;

/** An operator rotates the master key of a running service. */
@DirtiesContext
class MasterKeyRotationJobIT extends CommandTestSupport {
  @Autowired private SecretReader secretReader;

  private List<Object> record(MasterKeyId key) {
    return store.readEvents(key.value()).asStream().<Object>map(m -> m.getPayload()).toList();
  }

  private String primary() {
    return sql.sql("select id from keyring.master_key where status = 'primary'")
        .query(String.class)
        .single();
  }

  @Test
  void keyRotationIsRecordedAndTheOldKeyRetired() {
    VaultId vault = send(new CreateVault(VaultId.next(), UserId.next(), "v", null));
    var secret = new EnvironmentVariable("TOKEN", "value");
    send(new PutSecret(vault, "x", secret));
    var session = openSession();
    var old = new MasterKeyId(primary());

    MasterKeyId next = send(new RotateMasterKey(null));
    assertThatThrownBy(() -> send(new RotateMasterKey(null)))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new OpsRejection.RotationUnderway()));
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(record(next))
                    .containsExactly(
                        new MasterKeyRotationStarted(next), new MasterKeyRotationFinished(next)));
    assertThat(primary()).isEqualTo(next.value());
    assertThat(
            sql.sql("select count(*) from keyring.session_key where master <> ?")
                .param(next.value())
                .query(Long.class)
                .single())
        .isZero();
    assertThat(secretReader.open(ADA.tenant(), vault, "x")).contains(secret);
    submitQuery(session, "still sealed and opened");

    assertThatThrownBy(() -> send(new RetireMasterKey(next)))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection()).isEqualTo(new OpsRejection.MasterKeyInUse(next.value())));
    assertThat(record(next)).hasSize(2); // A rejected rotation is not recorded as if it were done.
    send(new RetireMasterKey(old));
    assertThat(record(old)).containsExactly(new MasterKeyRetired(old));
    assertThat(secretReader.open(ADA.tenant(), vault, "x")).contains(secret);
  }
}
