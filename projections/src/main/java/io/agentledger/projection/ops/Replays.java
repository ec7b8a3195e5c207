package io.agentledger.projection.ops;

import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.ops.OpsCommand.RetryDeadLetters;
import org.axonframework.commandhandling.CommandHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what operators wish of projections. */
class Replays {
  private static final Logger log = LoggerFactory.getLogger(Replays.class);

  private final Projections projections;

  Replays(Projections projections) {
    this.projections = projections;
  }

  @CommandHandler
  void handle(ReplayProjection command) {
    projections.reset(command.projection());
    log.atInfo().addKeyValue("projection", command.projection()).log("replay started");
  }

  /** Answers how many sequences are whole again. */
  @CommandHandler
  int handle(RetryDeadLetters command) {
    int mended = projections.retryDeadLetters(command.projection());
    log.atInfo()
        .addKeyValue("projection", command.projection())
        .addKeyValue("sequences", mended)
        .log("dead letters retried");
    return mended;
  }
}
