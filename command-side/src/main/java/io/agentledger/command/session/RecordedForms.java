package io.agentledger.command.session;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import io.agentledger.api.session.ElicitationEvent.Answer;
import io.agentledger.api.session.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.ElicitationEvent.Mode;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.SessionRejection.FormRefused;
import io.agentledger.store.content.Sealer;
import org.axonframework.eventsourcing.eventstore.EventStore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Forms from the record, where their schemas are sealed. A schema is a server's words: nothing that
 * it refers to is fetched, and its expressions are matched in linear time.
 */
final class RecordedForms implements Forms {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(true)
                      .regularExpressionFactory(RecordedForms::expression)
                      .build()));

  private final EventStore store;
  private final Sealer sealer;

  RecordedForms(EventStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
  }

  @Override
  public void check(SessionId session, long sequence, Input.AnswerElicitation answer) {
    var asked =
        (ElicitationRequested) store.readEvents(session.value(), sequence).next().getPayload();
    boolean fillsIn = answer.answer() == Answer.ACCEPT && asked.mode() == Mode.FORM;
    if (fillsIn) check(asked, answer);
    else if (answer.content() != null)
      throw refused(answer, "", "must not be given but with an accepted form");
  }

  private void check(ElicitationRequested asked, Input.AnswerElicitation answer) {
    if (answer.content() == null) throw refused(answer, "", "must be given");
    var words = sealer.open(asked.sessionId(), ElicitationRequested.class, "ask", asked.ask());
    var content = JSON.readTree(answer.content().text());
    if (!content.isObject()) throw refused(answer, "", "must be an object");
    for (var fault : faults(JSON.readTree(words).path("requested_schema"), content, answer))
      throw refused(answer, pointer(fault), fault.getMessage());
  }

  private static Iterable<Error> faults(
      JsonNode schema, JsonNode content, Input.AnswerElicitation answer) {
    try {
      Schema form = SCHEMAS.getSchema(schema);
      return form.validate(content);
    } catch (RuntimeException unusable) { // Whatever the library thinks of a stranger's schema.
      throw refused(answer, "", "cannot be held to its schema, which is none: decline it");
    }
  }

  private static String pointer(Error fault) {
    return fault.getInstanceLocation().toString();
  }

  private static RegularExpression expression(String words) {
    try {
      var pattern = Pattern.compile(words);
      return value -> pattern.matcher(value).find();
    } catch (PatternSyntaxException unknown) {
      throw new IllegalArgumentException("not an expression of RE2", unknown);
    }
  }

  private static Rejected refused(Input.AnswerElicitation answer, String field, String rule) {
    return new Rejected(new FormRefused(answer.actionId().value(), field, rule));
  }
}
