package io.agentledger.gateway.template;

import io.agentledger.api.template.TemplateQuery.ListTemplates;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tools of the platform's MCP server for templates. */
@Component
class TemplatePlatformTools implements PlatformToolProvider {
  private final TemplateService templateService;

  TemplatePlatformTools(TemplateService templateService) {
    this.templateService = templateService;
  }

  record ListTemplatesArguments(
      @ToolArgument("Order of the list; newest if omitted") @Nullable Order order,
      @ToolArgument("Category of the templates; all if omitted") @Nullable String category,
      @ToolArgument("Number of templates, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "list_templates",
            "List templates",
            "Lists your own and shared templates of sessions, with their variables.",
            Effect.READ,
            ListTemplates.class,
            ListTemplatesArguments.class,
            (context, arguments) ->
                templateService.list(
                    context,
                    arguments.order(),
                    arguments.category(),
                    false,
                    PlatformTool.toPage(arguments.limit(), arguments.cursor()))));
  }
}
