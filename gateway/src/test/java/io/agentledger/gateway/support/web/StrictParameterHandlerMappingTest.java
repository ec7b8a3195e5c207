package io.agentledger.gateway.support.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** Checks that the parameters of each route equal those in the OpenAPI document. */
class StrictParameterHandlerMappingTest {
  @Test
  void everyRouteKnowsExactlyItsDocumentedParameters(@TempDir Path home) {
    try (var server = ApiTestServer.open(home)) {
      var document = ApiTestServer.json(server.get("/v3/api-docs")).path("paths");
      var known = knownParameters(server.bean(RequestMappingHandlerMapping.class));
      assertThat(known).hasSizeGreaterThan(100);
      known.forEach(
          (route, names) -> {
            var operation = document.path(route.split(" ")[1]).path(route.split(" ")[0]);
            if (operation.isMissingNode()) assertThat(route).endsWith("/ws");
            else assertThat(documentedParameters(operation)).as(route).isEqualTo(names);
            assertThat(names)
                .as(route)
                .allMatch(name -> name.matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"));
          });
    }
  }

  /** Returns parameters by method and path, of all handlers of a route. */
  private static TreeMap<String, SortedSet<String>> knownParameters(
      RequestMappingHandlerMapping routes) {
    var known = new TreeMap<String, SortedSet<String>>();
    routes
        .getHandlerMethods()
        .forEach(
            (mapping, handler) -> {
              for (var pattern : mapping.getPatternsCondition().getPatterns())
                for (var method : mapping.getMethodsCondition().getMethods())
                  if (pattern.getPatternString().startsWith("/api/"))
                    known
                        .computeIfAbsent(
                            method.name().toLowerCase(Locale.ROOT)
                                + " "
                                + pattern.getPatternString(),
                            route -> new TreeSet<>())
                        .addAll(
                            StrictParameterHandlerMapping.declaredParameters(
                                handler.getMethod(), mapping));
            });
    return known;
  }

  private static SortedSet<String> documentedParameters(JsonNode operation) {
    var names = new TreeSet<String>();
    for (var parameter : operation.path("parameters"))
      if (parameter.path("in").asString().equals("query"))
        names.add(parameter.path("name").asString());
    return names;
  }
}
