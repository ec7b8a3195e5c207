package io.agentledger.api.trigger;

import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowId;
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

  /**
   * A flow was started.
   *
   * @param command name of the command in its text; empty for none
   */
  @StableName("flow_started")
  record StartedFlow(FlowId flowId, String command) implements DeliveryOutcome {}

  /** Its comment decided about the plan of a flow. */
  @StableName("decided")
  record Decided(FlowId flowId, Decision decision) implements DeliveryOutcome {}

  /**
   * Its comment asked for the commands, and got a reply.
   *
   * @param commentId id of the reply at the provider
   */
  @StableName("answered")
  record Answered(String commentId) implements DeliveryOutcome {}

  /** It starts nothing. */
  @StableName("ignored")
  record Ignored(IgnoreReason reason) implements DeliveryOutcome {}

  /**
   * A later delivery with the same concurrency key replaced its execution or flow before that
   * began.
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
    PING,
    /** Its comment decides about a plan, but no flow of the item waits for a decision. */
    NOTHING_TO_DECIDE,
    /** Its comment decides about a plan, but several flows of the item wait; it must name one. */
    SEVERAL_FLOWS,
    /**
     * Its comment decides about a plan, but is not known to be of a user who may: it has no
     * signature, was edited or is old, or its author is not mapped to a user with the right, or the
     * owner of the trigger has not the right.
     */
    NOT_PERMITTED,
    /** Its comment asks for the commands, but the trigger has replied too often. */
    TOO_MANY_REPLIES
  }
}
