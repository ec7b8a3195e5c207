package io.agentledger.gateway.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.identity.security.RequiresScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.serialization.Revision;

/** Renders one feature as a page of Markdown: commands, events, queries and routes. */
record FeaturePage(ProductModel model, JavadocSentences sentences, Routes routes) {
  private static final List<String> SIDES =
      List.of("api", "command", "projection", "query", "gateway");

  /** Returns the page; empty for a feature without messages and routes. */
  String render(String feature) {
    var page = new StringBuilder();
    commands(page, feature);
    events(page, feature);
    queries(page, feature);
    routes(page, feature);
    if (page.isEmpty()) return "";
    return "# "
        + feature
        + "\n\n<!-- Generated from the code by FeaturesTest; UPDATE_DOCS=1 updates it. -->\n\n"
        + packages(feature)
        + page;
  }

  /** Returns the descriptions of the feature's packages in each module. */
  private String packages(String feature) {
    var lines = new StringBuilder("| | |\n| --- | --- |\n");
    for (var side : SIDES) {
      var sentence = sentences.sentenceOf("io.agentledger." + side + "." + feature);
      if (!sentence.isEmpty())
        lines.append("| `").append(side).append("` | ").append(sentence).append(" |\n");
    }
    return lines.toString();
  }

  private void commands(StringBuilder page, String feature) {
    table(
        page,
        "Commands",
        "| command | who may send it | handled by | events | |\n| --- | --- | --- | --- | --- |",
        model.commands(feature),
        command -> {
          var handlers = model.commandHandlers(command);
          return row(
              quoted(ProductModel.name(command)),
              senders(command),
              ownerNames(handlers),
              quoted(model.eventsOf(command, handlers)),
              firstSentence(command));
        });
  }

  private void events(StringBuilder page, String feature) {
    table(
        page,
        "Events",
        "| event | revision | handled by | |\n| --- | --- | --- | --- |",
        model.events(feature),
        event ->
            row(
                quoted(ProductModel.name(event)),
                event.getAnnotationOfType(Revision.class).value(),
                quoted(model.listeners(event)),
                firstSentence(event)));
  }

  private void queries(StringBuilder page, String feature) {
    table(
        page,
        "Queries",
        "| query | who may send it | answered by | |\n| --- | --- | --- | --- |",
        model.queries(feature),
        query ->
            row(
                quoted(ProductModel.name(query)),
                senders(query),
                ownerNames(model.queryHandlers(query)),
                firstSentence(query)));
  }

  private void routes(StringBuilder page, String feature) {
    table(
        page,
        "Routes",
        "| protocol | route | sends | |\n| --- | --- | --- | --- |",
        routes.ofFeature(feature),
        route ->
            row(
                route.protocol(),
                "`" + route.address() + "`",
                route.sends().isEmpty() ? "" : quoted(List.of(route.sends().split(", "))),
                route.says()));
  }

  private static <T> void table(
      StringBuilder page, String title, String head, List<T> items, Function<T, String> row) {
    if (items.isEmpty()) return;
    page.append("\n## ").append(title).append("\n\n").append(head).append('\n');
    for (T item : items) page.append(row.apply(item)).append('\n');
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells).replace("|  |", "| |") + " |";
  }

  private static String senders(JavaClass message) {
    if (message.isAnnotatedWith(PermitAll.class)) return "anyone";
    if (message.isAnnotatedWith(InternalOnly.class)) return "the service only";
    if (!message.isAnnotatedWith(RequiresScope.class)) return "nobody";
    var scopes = message.getAnnotationOfType(RequiresScope.class).value();
    if (scopes.length == 0) return "every authenticated caller";
    return Arrays.stream(scopes)
        .map(Scope::wireName)
        .map(FeaturePage::quoted)
        .collect(Collectors.joining(" or "));
  }

  private static String ownerNames(List<JavaMethod> methods) {
    return quoted(
        methods.stream().map(method -> method.getOwner().getSimpleName()).distinct().toList());
  }

  private String firstSentence(JavaClass type) {
    return sentences.sentenceOf(type.getFullName().replace('$', '.'));
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }

  private static String quoted(List<String> names) {
    return names.stream().map(FeaturePage::quoted).collect(Collectors.joining(", "));
  }
}
