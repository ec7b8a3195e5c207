package io.agentledger.command.vault;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.MasterKeyCommand.FinishRotation;
import io.agentledger.api.vault.MasterKeyCommand.RetireMasterKey;
import io.agentledger.api.vault.MasterKeyCommand.RotateMasterKey;
import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.store.crypto.MasterKeyRotation;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Lazy;

/** Handles operators' commands about master keys: records them first, then enqueues a job. */
class MasterKeyCommandHandler {
  private final MasterKeyRotation rotation;
  private final Repository<MasterKey> keys;
  private final SchedulerClient jobs;
  private final Clock clock;

  /**
   * @param jobs created at its first use: its jobs send commands
   */
  MasterKeyCommandHandler(
      MasterKeyRotation rotation,
      @Qualifier("masterKeyRepository") Repository<MasterKey> keys,
      @Lazy SchedulerClient jobs,
      Clock clock) {
    this.rotation = rotation;
    this.keys = keys;
    this.jobs = jobs;
    this.clock = clock;
  }

  /**
   * Rotates the master key. The job is enqueued in the transaction of the event, so both or neither
   * are stored.
   */
  @CommandHandler
  MasterKeyId rotate(RotateMasterKey command, MetaData metadata) throws Exception {
    var next = new MasterKeyId(rotation.findOrCreateNextKey());
    keys.loadOrCreate(next.value(), MasterKey::new).execute(key -> key.start(next));
    var job = MasterKeyRotationJob.instance(next, Provenance.of(metadata));
    if (!jobs.scheduleIfNotExists(job, clock.instant()))
      throw new RejectionException(new OpsRejection.RotationUnderway());
    return next;
  }

  @CommandHandler
  void finish(FinishRotation command) {
    keys.load(command.masterKeyId().value()).execute(MasterKey::finish);
  }

  @CommandHandler
  void retire(RetireMasterKey command) throws Exception {
    var id = command.masterKeyId();
    keys.loadOrCreate(id.value(), MasterKey::new).execute(key -> key.retire(id));
    rotation.retire(id.value()); // If the keyring refuses, the event is rolled back.
  }
}
