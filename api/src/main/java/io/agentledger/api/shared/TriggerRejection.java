package io.agentledger.api.shared;

/** Rejections about triggers and their deliveries. */
public sealed interface TriggerRejection extends Rejection {
  /** No trigger or channel accepts a webhook; the response does not state why. */
  record WebhookRefused() implements TriggerRejection {
    @Override
    public String code() {
      return "webhook_refused";
    }

    @Override
    public String message() {
      return "No trigger or channel accepts this webhook. Check its address, its secret and the clock of"
          + " the sender.";
    }
  }

  /**
   * The body of a webhook is not what its trigger or channel can read.
   *
   * @param reason sentence without content of the webhook
   */
  record WebhookUnreadable(String reason) implements TriggerRejection {
    @Override
    public String code() {
      return "webhook_unreadable";
    }

    @Override
    public String message() {
      return reason;
    }
  }

  /** Too many deliveries of a trigger wait. */
  record WebhookBacklogFull(int max) implements TriggerRejection {
    @Override
    public String code() {
      return "webhook_backlog_full";
    }

    @Override
    public String message() {
      return max + " deliveries of this trigger wait. Send this one again later.";
    }
  }

  /**
   * Webhooks without a signature would start an agent that can do more than read.
   *
   * @param detail what it could do, as the end of a sentence
   */
  record AgentNotReadOnly(String detail) implements TriggerRejection {
    @Override
    public String code() {
      return "agent_not_read_only";
    }

    @Override
    public String message() {
      return "Webhooks without a signature start only agents that read: "
          + detail
          + ". Demand a signature, or limit the tools of the task's session.";
    }
  }

  /** The provider has a default trigger already. */
  record DefaultTriggerTaken(String triggerId) implements TriggerRejection {
    @Override
    public String code() {
      return "default_trigger_taken";
    }

    @Override
    public String message() {
      return "The trigger "
          + triggerId
          + " is the default of this provider. Change it first with PUT /triggers/"
          + "{trigger_id}.";
    }
  }

  /** The delivery is not processed yet. */
  record DeliveryPending(String deliveryId) implements TriggerRejection {
    @Override
    public String code() {
      return "delivery_pending";
    }

    @Override
    public String message() {
      return "The delivery "
          + deliveryId
          + " waits to be processed. Read its status with GET /triggers/{id}/deliveries/"
          + deliveryId
          + ".";
    }
  }

  /** The execution of a webhook cannot be repeated without its payload. */
  record ExecutionOfTrigger(String deliveryId) implements TriggerRejection {
    @Override
    public String code() {
      return "execution_of_trigger";
    }

    @Override
    public String message() {
      return "A webhook started this execution. Repeat it with POST"
          + " /triggers/{id}/deliveries/"
          + deliveryId
          + "/redeliver.";
    }
  }
}
