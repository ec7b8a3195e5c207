package io.agentledger.gateway.session;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.HostPaths;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.validation.SessionSpecValidator;
import io.agentledger.gateway.support.validation.ToolReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Validates a {@link CreateSessionRequest} that a template or an agent stores for later use. */
@Component
class CreateSessionRequestValidator implements SessionSpecValidator {
  private static final String NOT_IN_AGENTS = "must not be given in an agent";

  /** Fields that do not define an agent, with the place where they belong. */
  private static final Map<String, String> FIELDS_NOT_OF_AGENTS =
      Map.of(
          "title", "give it when a session is opened",
          "workspace", "give it when a session is opened, or in a template",
          "agent_id", "an agent is not derived from another one",
          "agent_version", "an agent is not derived from another one",
          "template_id", "a template names the agent",
          "variables", "a template has them",
          "hooks", "create a hook with the scope of the agent");

  private final WireJson json;
  private final RequestValidator validator;

  CreateSessionRequestValidator(WireJson json, RequestValidator validator) {
    this.json = json;
    this.validator = validator;
  }

  @Override
  public List<Violation> findViolations(ObjectNode spec) {
    try {
      var request = validator.check(json.read(spec, CreateSessionRequest.class));
      if (request.templateId() != null)
        return singleViolation("/template", "must not be given in a template");
      if (request.variables() != null)
        return singleViolation("/variables", "must not be given in a template");
      if (request.hooks() != null)
        return singleViolation("/hooks", "must not be given in a template");
      if (!request.optionsOrDefault().definedServers().isEmpty())
        return singleViolation(
            "/options/mcp_servers", "must not define servers in a template; name registered ones");
      var violations = new ArrayList<>(request.findViolations());
      violations.addAll(InvalidRequestException.collect(request.workspaceOrEmpty()::check));
      return violations;
    } catch (InvalidRequestException exception) {
      return exception.errors();
    }
  }

  @Override
  public List<Violation> findAgentViolations(ObjectNode spec) {
    var violations = new ArrayList<Violation>();
    FIELDS_NOT_OF_AGENTS.forEach(
        (field, reason) -> {
          if (spec.remove(field) != null)
            violations.add(Violation.body("/" + field, NOT_IN_AGENTS + ": " + reason));
        });
    violations.addAll(
        HostPaths.findViolations(
            spec,
            "must be the name of a directory in an agent: give paths when a session is opened"));
    try {
      var request = validator.check(json.read(spec, CreateSessionRequest.class));
      if (!request.optionsOrDefault().definedServers().isEmpty())
        violations.add(
            Violation.body(
                "/options/mcp_servers",
                "must not define servers in an agent; name registered ones"));
      violations.addAll(request.findViolations());
    } catch (InvalidRequestException exception) {
      violations.addAll(exception.errors());
    }
    return violations;
  }

  @Override
  public List<ToolReference> toolReferences(ObjectNode spec) {
    try {
      return json.read(spec, CreateSessionRequest.class).optionsOrDefault().references().tools();
    } catch (InvalidRequestException unreadable) {
      return List.of();
    }
  }

  private static List<Violation> singleViolation(String pointer, String detail) {
    return List.of(Violation.body(pointer, detail));
  }
}
