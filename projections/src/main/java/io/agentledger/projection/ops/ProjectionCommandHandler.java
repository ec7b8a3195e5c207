package io.agentledger.projection.ops;

import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.ops.OpsCommand.RetryDeadLetters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the commands of operators for projections. */
class ProjectionCommandHandler {
  private static final Logger log = LoggerFactory.getLogger(ProjectionCommandHandler.class);

  private final ProjectionControl projections;

  ProjectionCommandHandler(ProjectionControl projections) {
    this.projections = projections;
  }

  @CommandHandler
  void handle(ReplayProjection command) throws InterruptedException {
    inNewTransaction(
        () -> {
          projections.reset(command.projection());
          return true;
        });
    log.atInfo().addKeyValue("projection", command.projection()).log("replay started");
  }

  /** Returns the number of sequences without dead letters after the retry. */
  @CommandHandler
  int handle(RetryDeadLetters command) throws InterruptedException {
    int retried = inNewTransaction(() -> projections.retryDeadLetters(command.projection()));
    log.atInfo()
        .addKeyValue("projection", command.projection())
        .addKeyValue("sequences", retried)
        .log("dead letters retried");
    return retried;
  }

  /**
   * Runs outside of the command's transaction: a reset must be committed before the processor
   * starts again, and one failing dead letter must not affect the others.
   */
  private static <T> T inNewTransaction(Supplier<T> work) throws InterruptedException {
    var done = new CompletableFuture<T>();
    Thread.ofVirtual().start(() -> done.completeAsync(work, Runnable::run));
    try {
      return done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) throw failure;
      throw new IllegalStateException(e.getCause());
    }
  }
}
