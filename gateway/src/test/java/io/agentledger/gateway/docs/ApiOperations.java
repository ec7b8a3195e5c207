package io.agentledger.gateway.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.RequiresScope;
import io.swagger.v3.oas.annotations.Operation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import tools.jackson.databind.JsonNode;

/** Required scopes and error responses of operations, from the messages that they send. */
final class ApiOperations {
  private static final Set<String> PROMPTS =
      Set.of(
          "CreateQueryRequest",
          "ForkSessionRequest",
          "QueryInNewSessionRequest",
          "SubmitInputsRequest");

  private final Map<String, Access> accesses = new HashMap<>();

  /**
   * Access to an operation.
   *
   * @param scopes scopes of its messages; none for every authenticated caller
   * @param commands whether it changes something
   */
  record Access(List<String> scopes, boolean commands) {
    String sentence(boolean anonymous) {
      if (anonymous) return "Needs no credential.";
      if (scopes.isEmpty()) return "Open to every authenticated caller.";
      return scopes.size() == 1
          ? "Required scope: " + scopes.getFirst() + "."
          : "Required scope, by the change: " + String.join("; ", scopes) + ".";
    }
  }

  /** Returns whether an operation needs no credential, as its controller declares. */
  static boolean isAnonymous(JsonNode operation) {
    return operation.has("security") && operation.path("security").isEmpty();
  }

  ApiOperations(ProductModel model) {
    for (var feature : model.features())
      for (var mapping :
          List.of(
              GetMapping.class,
              PostMapping.class,
              PutMapping.class,
              PatchMapping.class,
              DeleteMapping.class))
        for (var route : model.routes(feature, mapping)) {
          var operation = route.reflect().getAnnotation(Operation.class);
          if (operation != null)
            accesses.put(operation.operationId(), access(model.messageTypesOf(route)));
        }
  }

  Access access(String operationId) {
    var access = accesses.get(operationId);
    if (access == null) throw new IllegalStateException("no route: " + operationId);
    return access;
  }

  /** A command decides about the access of an operation that sends one. */
  private static Access access(Set<JavaClass> messages) {
    var commands =
        messages.stream()
            .filter(
                message ->
                    message.getAllRawInterfaces().stream()
                        .anyMatch(family -> family.getSimpleName().endsWith("Command")))
            .collect(Collectors.toSet());
    var deciding = commands.isEmpty() ? messages : commands;
    var scopes = new TreeSet<String>();
    for (var message : deciding)
      if (message.isAnnotatedWith(RequiresScope.class)) {
        var names = message.getAnnotationOfType(RequiresScope.class).value();
        if (names.length > 0)
          scopes.add(
              Arrays.stream(names)
                  .map(Scope::wireName)
                  .map(name -> "`" + name + "`")
                  .collect(Collectors.joining(" or ")));
      }
    return new Access(List.copyOf(scopes), !commands.isEmpty());
  }

  /** Returns the statuses of the problems that an operation can respond with. */
  static Set<Integer> problemsOf(String path, JsonNode operation, Access access) {
    var statuses = new TreeSet<>(Set.of(400, 429)); // Also of a parameter that is not known.
    boolean ofSession = path.startsWith("/api/v1/sessions/{id}");
    var body = operation.path("requestBody").path("content");
    if (!body.isMissingNode()) statuses.addAll(Set.of(400, 413, 415));
    if (!isAnonymous(operation) || path.matches(".*/(login|refresh|logout)")) statuses.add(401);
    if (!access.scopes().isEmpty() || path.endsWith("/register")) statuses.add(403);
    if (access.commands() && !path.matches(".*/(login|logout|logout-all|password)"))
      statuses.add(409);
    if (ofSession && access.commands() || path.endsWith("/invitations/accept")) statuses.add(410);
    for (var parameter : operation.path("parameters")) addProblems(statuses, parameter);
    if (access.commands() && path.matches("/api/v1/(sessions|query|query/single)"))
      statuses.add(404); // Of what the session is opened with.
    if (access.commands() && path.matches(".*/(files/.*|shares/.*)")) statuses.add(422);
    for (var media : body)
      if (PROMPTS.contains(ApiExamples.schemaName(media.path("schema")))) statuses.add(402);
    return statuses;
  }

  private static void addProblems(Set<Integer> statuses, JsonNode parameter) {
    statuses.add(parameter.path("in").asString().equals("path") ? 404 : 400);
    switch (parameter.path("name").asString()) {
      case "Idempotency-Key" -> statuses.add(422);
      case "If-Match" ->
          statuses.addAll(parameter.path("required").asBoolean() ? Set.of(412, 428) : Set.of(412));
      case "Range" -> statuses.add(416);
      default -> {}
    }
  }
}
