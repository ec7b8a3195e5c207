package io.agentledger.api.trigger;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionId;

/** Result of processing a delivery. */
public sealed interface DeliveryOutcome extends Discriminated {
  /**
   * An execution was queued.
   *
   * @param command name of the command in its text; empty for none
   */
  @StableName("queued")
  record Queued(ExecutionId executionId, String command) implements DeliveryOutcome {}

  /** It starts nothing. */
  @StableName("ignored")
  record Ignored(IgnoreReason reason) implements DeliveryOutcome {}

  /**
   * A later delivery with the same concurrency key replaced its execution before that started.
   *
   * @param deliveryId the later delivery
   */
  @StableName("merged")
  record Merged(InboundDeliveryId deliveryId) implements DeliveryOutcome {}

  /**
   * It cannot be processed; another attempt may succeed after the cause is mended.
   *
   * @param code code of the problem
   * @param message sentence for users, without content
   */
  @StableName("failed")
  record Failed(String code, String message) implements DeliveryOutcome {}

  /** Reason for which a delivery starts nothing. */
  enum IgnoreReason {
    /** The trigger is paused. */
    PAUSED,
    /** The agent itself caused it. */
    OWN_ACTIVITY,
    /** The condition is false, or refers to a field that the payload does not have. */
    CONDITION,
    /** Its text has no command of the trigger. */
    NO_COMMAND,
    /** The provider tests its configuration. */
    PING
  }
}
