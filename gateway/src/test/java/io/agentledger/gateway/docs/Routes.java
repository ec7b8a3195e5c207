package io.agentledger.gateway.docs;

import com.tngtech.archunit.core.domain.JavaMethod;
import io.swagger.v3.oas.annotations.Operation;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.reactive.socket.server.WebSocketService;

/** Routes of a feature, from the annotations of its controllers. */
record Routes(ProductModel model, JavadocSentences sentences) {
  /** One route. */
  record Route(String protocol, String address, String sends, String says) {}

  List<Route> ofFeature(String feature) {
    var routes = new ArrayList<Route>();
    for (var kind : Http.KINDS)
      for (var method : model.routes(feature, kind)) routes.addAll(http(method));
    for (var method : model.routes(feature, MessageMapping.class)) routes.add(rsocket(method));
    routes.sort(Comparator.comparing(Route::protocol).thenComparing(Route::address));
    return routes;
  }

  private static final class Http {
    static final List<Class<? extends Annotation>> KINDS =
        List.of(
            org.springframework.web.bind.annotation.GetMapping.class,
            org.springframework.web.bind.annotation.PostMapping.class,
            org.springframework.web.bind.annotation.PutMapping.class,
            org.springframework.web.bind.annotation.PatchMapping.class,
            org.springframework.web.bind.annotation.DeleteMapping.class);
  }

  private List<Route> http(JavaMethod found) {
    var method = reflected(found);
    var all = new ArrayList<Route>();
    var own = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
    var type =
        AnnotatedElementUtils.findMergedAnnotation(
            method.getDeclaringClass(), RequestMapping.class);
    if (own == null) throw new IllegalStateException("no route: " + found.getFullName());
    for (var base : type == null ? new String[] {""} : orEmpty(type.path()))
      for (var path : orEmpty(own.path())) {
        var address = base + path + (own.params().length == 0 ? "" : query(own.params()));
        boolean socket = isSocket(found);
        all.add(
            new Route(
                socket ? "WebSocket" : "HTTP",
                (socket ? "" : own.method()[0] + " ") + address,
                sends(found),
                summary(method, found)));
      }
    return all;
  }

  private static boolean isSocket(JavaMethod method) {
    return method.getOwner().getFields().stream()
        .anyMatch(field -> field.getRawType().isEquivalentTo(WebSocketService.class));
  }

  private static String query(String[] conditions) {
    return " (" + String.join(", ", conditions) + ")";
  }

  private static String[] orEmpty(String[] paths) {
    return paths.length == 0 ? new String[] {""} : paths;
  }

  private Route rsocket(JavaMethod found) {
    var mapping = reflected(found).getAnnotation(MessageMapping.class);
    return new Route(
        "RSocket", String.join(", ", mapping.value()), sends(found), sentence(found).orElse(""));
  }

  private String sends(JavaMethod method) {
    return String.join(", ", model.messagesOf(method));
  }

  private String summary(Method method, JavaMethod found) {
    var operation = method.getAnnotation(Operation.class);
    if (operation != null && !operation.summary().isEmpty()) return operation.summary();
    return sentence(found).orElse("");
  }

  private Optional<String> sentence(JavaMethod method) {
    var name = method.getOwner().getFullName().replace('$', '.') + "#" + method.getName();
    return Optional.of(sentences.sentenceOf(name)).filter(text -> !text.isEmpty());
  }

  private static Method reflected(JavaMethod method) {
    return method.reflect();
  }
}
