package io.agentledger.api.shared;

import io.agentledger.api.identity.Provenance;
import java.util.Optional;

/**
 * First answers of commands that were sent with an idempotency key. A port and not a message,
 * because a command that would be rejected now cannot ask for its answer itself. May block.
 */
public interface FirstAnswers {
  /**
   * Returns the first answer of a command; empty if the key is new. Access to what it names is not
   * checked.
   *
   * @param sender of the command, with the tenant and the credential of the key
   * @throws RejectionException if the key was used for another request
   */
  Optional<Object> find(Provenance sender, Class<?> command, Idempotency idempotency);
}
