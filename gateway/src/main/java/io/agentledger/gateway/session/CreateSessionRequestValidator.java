package io.agentledger.gateway.session;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.validation.SessionSpecValidator;
import io.agentledger.gateway.support.validation.ToolReference;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Validates a {@link CreateSessionRequest} that a template stores for later use. */
@Component
class CreateSessionRequestValidator implements SessionSpecValidator {
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
