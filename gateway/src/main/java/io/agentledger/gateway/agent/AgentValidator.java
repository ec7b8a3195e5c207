package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.SessionSpecValidator;
import io.agentledger.gateway.support.validation.ToolReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** Validates an agent when it is created, so that errors do not appear at its first use. */
@Component
class AgentValidator {
  private static final String SESSION = "/session";

  private final SessionSpecValidator sessionSpecValidator;
  private final WireJson json;

  AgentValidator(SessionSpecValidator sessionSpecValidator, WireJson json) {
    this.sessionSpecValidator = sessionSpecValidator;
    this.json = json;
  }

  /**
   * Checks an agent.
   *
   * @return the tools that its session names
   * @throws InvalidRequestException with all violations
   */
  List<ToolReference> check(AgentDefinition definition) {
    if (definition.session().text().length() > AgentDefinition.SESSION_LENGTH_MAX)
      throw InvalidRequestException.body(SESSION, "must be at most 262144 characters");
    var session = json.parseObject(definition.session().text());
    var violations = new ArrayList<>(findRepeatedFolders(definition.writableFolders()));
    sessionSpecValidator.findAgentViolations(session).stream()
        .map(found -> Violation.body(SESSION + found.pointer(), found.detail()))
        .forEach(violations::add);
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return sessionSpecValidator.toolReferences(session).stream()
        .map(reference -> reference.movedBy(SESSION::concat))
        .toList();
  }

  private static List<Violation> findRepeatedFolders(List<String> folders) {
    return IntStream.range(0, folders.size())
        .filter(i -> folders.indexOf(folders.get(i)) < i)
        .mapToObj(i -> Violation.body("/writable_folders/" + i, "must be unique"))
        .toList();
  }
}
