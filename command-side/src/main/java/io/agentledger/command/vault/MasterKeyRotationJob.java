package io.agentledger.command.vault;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.vault.MasterKeyCommand.FinishRotation;
import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.store.crypto.MasterKeyRotation;
import io.agentledger.store.crypto.MasterKeyRotation.Step;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates the master key step by step, until no key is wrapped by an old one. The keyring stores
 * the progress, so after a crash the job continues on any node.
 */
final class MasterKeyRotationJob {
  private static final Logger log = LoggerFactory.getLogger(MasterKeyRotationJob.class);
  private static final String NAME = "rotate-master-key";

  /** One rotation at a time, for any key. */
  private static final String INSTANCE = "master-key";

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  /** Time in which a slow node may still wrap a key with the previous master key. */
  private static final Duration SETTLE_TIME = Duration.ofSeconds(10);

  /** Steps between two pauses, so that a stopping node need not wait. */
  private static final int STEPS_PER_RUN = 50;

  private final MasterKeyRotation rotation;
  private final CommandGateway commands;
  private final Clock clock;

  /** Data of a job, in plain types because the job table has a mapper of its own. */
  record JobData(String masterKey, boolean settled, Map<String, String> provenance) {
    JobData asSettled() {
      return new JobData(masterKey, true, provenance);
    }
  }

  MasterKeyRotationJob(MasterKeyRotation rotation, CommandGateway commands, Clock clock) {
    this.rotation = rotation;
    this.commands = commands;
    this.clock = clock;
  }

  static TaskInstance<JobData> instance(MasterKeyId next, Provenance requestProvenance) {
    var provenance = new HashMap<String, String>();
    requestProvenance
        .withoutSource()
        .asMetadata()
        .forEach((key, value) -> provenance.put(key, "" + value));
    return new TaskInstance<>(NAME, INSTANCE, new JobData(next.value(), false, provenance));
  }

  CustomTask<JobData> task() {
    return Tasks.custom(NAME, JobData.class)
        .onFailure(new FailureHandler.OnFailureRetryLater<>(POLL_INTERVAL))
        .onDeadExecutionRevive()
        .execute((instance, context) -> execute(instance.getData()));
  }

  private CompletionHandler<JobData> execute(JobData jobData) {
    rotation.announce(jobData.masterKey());
    for (int steps = 0; steps < STEPS_PER_RUN; steps++)
      switch (rotation.step()) {
        case Step.Waiting(var nodes) -> {
          log.atWarn().addKeyValue("nodes", nodes).log("nodes lack the new master key");
          return rescheduleAfter(POLL_INTERVAL, jobData);
        }
        case Step.Rewrapped(int count) -> {
          if (count == 0)
            return rescheduleAfter(POLL_INTERVAL, jobData); // Another node has locked them.
        }
        case Step.Done() -> {
          if (!jobData.settled()) return rescheduleAfter(SETTLE_TIME, jobData.asSettled());
          finish(jobData);
          return new CompletionHandler.OnCompleteRemove<>();
        }
      }
    return rescheduleAfter(Duration.ZERO, jobData);
  }

  private CompletionHandler<JobData> rescheduleAfter(Duration pause, JobData jobData) {
    return (complete, operations) ->
        operations.reschedule(complete, clock.instant().plus(pause), jobData);
  }

  private void finish(JobData jobData) {
    var provenance = Provenance.of(jobData.provenance());
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(
                new FinishRotation(new MasterKeyId(jobData.masterKey())))
            .withMetaData(provenance.asService().asMetadata()));
    log.atInfo().addKeyValue("masterKey", jobData.masterKey()).log("master key rotated");
  }
}
