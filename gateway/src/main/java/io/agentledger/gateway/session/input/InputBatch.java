package io.agentledger.gateway.session.input;

import io.agentledger.api.session.command.Input;
import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.ModelReference;
import io.agentledger.gateway.support.validation.RequestReferences;
import java.util.ArrayList;
import java.util.List;

/**
 * Inputs of one request, each with its position in the body.
 *
 * @param body request with the constraints of all inputs
 */
public record InputBatch(Object body, List<SessionInputRequest> requests, List<String> pointers) {
  /** Returns the names in its inputs. */
  public RequestReferences references() {
    var references = RequestReferences.NONE;
    for (int i = 0; i < requests.size(); i++)
      references = references.and(references(requests.get(i), pointers.get(i)));
    return references;
  }

  private static RequestReferences references(SessionInputRequest request, String pointer) {
    return switch (request) {
      case SessionInputRequest.Prompt prompt ->
          RunOptionsRequest.references(prompt.options(), pointer + "/options");
      case SessionInputRequest.Command command ->
          RunOptionsRequest.references(command.options(), pointer + "/options");
      case SessionInputRequest.SetModel(var model) ->
          new RequestReferences(
              List.of(),
              ModelReference.ofNullable(pointer + "/model", model).toList(),
              List.of(),
              null);
      case null, default -> RequestReferences.NONE;
    };
  }

  /**
   * Returns the inputs, those that must be resolved first left out.
   *
   * @throws InvalidRequestException with the violations of all inputs
   */
  public List<Input> toInputs() {
    var inputs = new ArrayList<Input>();
    var violations = new ArrayList<Violation>();
    for (int i = 0; i < requests.size(); i++) {
      var request = requests.get(i);
      var pointer = pointers.get(i);
      if (request instanceof SessionInputRequest.AddDirectories) continue;
      InvalidRequestException.collect(() -> inputs.add(request.toInput())).stream()
          .map(violation -> violation.movedBy(inner -> pointer + inner))
          .forEach(violations::add);
    }
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return inputs;
  }

  /** Creates a batch from a body that is one input. */
  static InputBatch single(SessionInputRequest sessionInputRequest) {
    return new InputBatch(sessionInputRequest, List.of(sessionInputRequest), List.of(""));
  }
}
