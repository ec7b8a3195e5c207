package io.agentledger.command.support;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Job that does the work of a queue, for example of a chat, in turns. A queue has one job on all
 * nodes. The job ends once no work is left; whoever adds work holds the lock of the queue and calls
 * {@link JobTable#enqueueOrBringForward}. A turn that fails is repeated.
 */
public abstract class SerialJob {
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final String name;
  private final TransactionOperations transactions;

  protected SerialJob(String name, TransactionOperations transactions) {
    this.name = name;
    this.transactions = transactions;
  }

  /** Does what is due; returns when the next turn may begin. */
  protected abstract Instant doTurn(String queue);

  /**
   * Acquires the lock of a queue until the end of the transaction; returns when work is due, empty
   * if none is left.
   */
  protected abstract Optional<Instant> lockAndFindNextDueAt(String queue);

  /** Returns the job of a queue. */
  protected static TaskInstance<Void> instance(String name, String queue) {
    return new TaskInstance<>(name, queue);
  }

  /** Returns the task that the scheduler executes. */
  public final CustomTask<Void> task() {
    return Tasks.custom(name, Void.class)
        .onFailure(
            (complete, operations) ->
                operations.reschedule(complete, complete.getTimeDone().plus(RETRY_DELAY)))
        .onDeadExecutionRevive()
        .execute(
            (instance, context) -> {
              var queue = instance.getId();
              return completion(queue, doTurn(queue));
            });
  }

  /**
   * Ends the job under the lock of its queue, so that no work is added unnoticed. The next turn is
   * never in the past: else those who wait longest would always come first.
   */
  private CompletionHandler<Void> completion(String queue, Instant earliest) {
    return (complete, operations) ->
        transactions.executeWithoutResult(
            status ->
                lockAndFindNextDueAt(queue)
                    .ifPresentOrElse(
                        due ->
                            operations.reschedule(
                                complete, due.isBefore(earliest) ? earliest : due),
                        operations::remove));
  }
}
