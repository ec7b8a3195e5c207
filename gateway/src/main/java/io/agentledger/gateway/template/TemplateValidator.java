package io.agentledger.gateway.template;

import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.SessionSpecValidator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What must be true of a template when it is made, so that its first use is no surprise. */
@Component
class TemplateValidator {
  private static final int SESSION_LENGTH_MAX = 262_144;

  private final SessionSpecValidator shape;
  private final WireJson json;

  TemplateValidator(SessionSpecValidator shape, WireJson json) {
    this.shape = shape;
    this.json = json;
  }

  void check(TemplateDefinition terms) {
    var wrongs = new ArrayList<Violation>();
    var names = variables(terms, wrongs);
    if (terms.session().text().length() > SESSION_LENGTH_MAX)
      throw InvalidRequestException.body("/session", "must be at most 262144 characters");
    var session = json.object(terms.session().text());
    Placeholders.each(session, "/session", (at, name) -> known(at, name, names, wrongs));
    var prompt = terms.prompt();
    if (prompt != null)
      Placeholders.each(prompt, "/prompt", (at, name) -> known(at, name, names, wrongs));
    if (wrongs.isEmpty()) {
      var defaults = new HashMap<String, String>();
      for (var variable : terms.variables()) {
        var value = variable.defaultValue();
        if (value != null) defaults.put(variable.name(), value);
      }
      var filled = Placeholders.filled(session, defaults);
      for (var wrong : shape.wrongs(filled))
        if (!Placeholders.isOpen(filled, wrong))
          wrongs.add(new Violation("/session" + wrong.pointer(), null, null, wrong.detail()));
    }
    if (!wrongs.isEmpty()) throw new InvalidRequestException(wrongs);
  }

  private static Set<String> variables(TemplateDefinition terms, List<Violation> wrongs) {
    var names = new HashSet<String>();
    for (int i = 0; i < terms.variables().size(); i++) {
      var variable = terms.variables().get(i);
      var at = "/variables/" + i;
      if (!names.add(variable.name())) wrongs.add(wrong(at + "/name", "must be unique"));
      check(variable, at, wrongs);
    }
    return names;
  }

  private static void check(TemplateVariable variable, String at, List<Violation> wrongs) {
    var value = variable.defaultValue();
    if (value != null && variable.required())
      wrongs.add(wrong(at + "/default_value", "must not be given with required"));
    try {
      if (value != null && !RenderedTemplate.fits(variable, value))
        wrongs.add(wrong(at + "/default_value", "must match the pattern"));
      else RenderedTemplate.fits(variable, "");
    } catch (PatternSyntaxException refused) {
      wrongs.add(wrong(at + "/pattern", "must be an RE2 pattern"));
    }
  }

  private static void known(String at, String name, Set<String> names, List<Violation> wrongs) {
    if (name.isEmpty())
      wrongs.add(wrong(at, "must name a variable behind ${; $${ stands for ${ itself"));
    else if (!names.contains(name))
      wrongs.add(wrong(at, "names a variable that is not there: " + name));
  }

  private static Violation wrong(String pointer, String detail) {
    return new Violation(pointer, null, null, detail);
  }
}
