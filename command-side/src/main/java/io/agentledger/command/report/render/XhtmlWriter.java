package io.agentledger.command.report.render;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writer of XHTML that is also HTML. All text and attributes are cleaned and escaped by the JDK's
 * XML writer. It remembers the open elements, so that a document can be continued in another file.
 */
class XhtmlWriter {
  /** Action that may write. */
  interface Content {
    void write() throws IOException;
  }

  /**
   * Open element.
   *
   * @param beginning writes what the element begins with in each file
   */
  record Element(String name, List<String> attributes, Content beginning) {}

  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

  private final Deque<Element> open = new ArrayDeque<>();
  private Writer out;
  private XMLStreamWriter xml;

  XhtmlWriter(Writer out) throws IOException {
    this.out = out;
    this.xml = xml(out);
  }

  private static XMLStreamWriter xml(Writer out) throws IOException {
    try {
      return FACTORY.createXMLStreamWriter(out);
    } catch (XMLStreamException e) {
      throw failure(e);
    }
  }

  /** Place where a long document may be continued in another file. */
  void breakPoint() throws IOException {
    DisplayText.checkInterrupt();
  }

  /** Opens an element; attributes are names and values in turn. */
  void open(String name, String... attributes) throws IOException {
    openRepeated(name, List.of(attributes), () -> {});
  }

  /** Opens an element that begins with the same content wherever it is continued. */
  void openRepeated(String name, List<String> attributes, Content beginning) throws IOException {
    writeStart(name, attributes, false);
    open.push(new Element(name, attributes, beginning));
    beginning.write();
  }

  void close() throws IOException {
    open.pop();
    writeEnd();
  }

  void element(String name, String text, String... attributes) throws IOException {
    writeStart(name, List.of(attributes), false);
    text(text);
    writeEnd();
  }

  void emptyElement(String name, String... attributes) throws IOException {
    writeStart(name, List.of(attributes), true);
  }

  void text(String text) throws IOException {
    try {
      xml.writeCharacters(clean(text));
    } catch (XMLStreamException e) {
      throw failure(e);
    }
  }

  /** Writes well-formed XHTML that is already harmless. */
  void xhtml(String xhtml) throws IOException {
    text("");
    flush();
    out.write(xhtml);
  }

  void flush() throws IOException {
    try {
      xml.flush();
    } catch (XMLStreamException e) {
      throw failure(e);
    }
  }

  /** Closes the open elements, and opens them again in another file. */
  void continueIn(Writer next) throws IOException {
    for (int i = 0; i < open.size(); i++) writeEnd();
    flush();
    out = next;
    xml = xml(next);
    for (var element : List.copyOf(open).reversed()) {
      writeStart(element.name(), element.attributes(), false);
      element.beginning().write();
    }
  }

  String clean(String text) {
    return DisplayText.printable(text);
  }

  private void writeStart(String name, List<String> attributes, boolean empty) throws IOException {
    try {
      if (empty) xml.writeEmptyElement(name);
      else xml.writeStartElement(name);
      for (int i = 0; i < attributes.size(); i += 2)
        xml.writeAttribute(attributes.get(i), clean(attributes.get(i + 1)));
    } catch (XMLStreamException e) {
      throw failure(e);
    }
  }

  private void writeEnd() throws IOException {
    try {
      xml.writeEndElement();
    } catch (XMLStreamException e) {
      throw failure(e);
    }
  }

  private static IOException failure(XMLStreamException e) {
    return e.getCause() instanceof IOException cause ? cause : new IOException(e);
  }
}
