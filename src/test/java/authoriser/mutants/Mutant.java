package authoriser.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A small change of the code that PIT tried.
 *
 * @param place where it is, so that an edit elsewhere in the file does not change it
 * @param status PIT's word for what happened
 */
record Mutant(Place place, String status) {

    /**
     * The line of code of a mutant, and how it was changed.
     *
     * @param type the name of the class
     * @param code the line of code without the blanks around it
     * @param mutator PIT's name of the kind of change, without its package
     */
    record Place(String type, String code, String mutator) {
        @Override
        public String toString() {
            return type + ": " + mutator + " in: " + code;
        }
    }

    /** Whether no test failed and none ran too long. */
    boolean survived() {
        return !status.equals("KILLED") && !status.equals("TIMED_OUT");
    }

    /** Whether a test failed. A test that ran too long may have been on a slow machine. */
    boolean failedATest() {
        return status.equals("KILLED");
    }

    /**
     * Reads a report of PIT.
     *
     * @param sources the directory of the main code
     */
    static List<Mutant> read(Path report, Path sources) throws IOException {
        NodeList elements;
        try {
            elements =
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(report.toFile())
                            .getElementsByTagName("mutation");
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + " is not a report of PIT", e);
        }
        List<Mutant> mutants = new ArrayList<>();
        for (int i = 0; i < elements.getLength(); i++) {
            mutants.add(of((Element) elements.item(i), sources));
        }
        return mutants;
    }

    private static Mutant of(Element mutation, Path sources) throws IOException {
        String type = text(mutation, "mutatedClass");
        Path file =
                sources.resolve(type.substring(0, type.lastIndexOf('.')).replace('.', '/'))
                        .resolve(text(mutation, "sourceFile"));
        int line = Integer.parseInt(text(mutation, "lineNumber"));
        String mutator = text(mutation, "mutator");
        return new Mutant(
                new Place(
                        type,
                        Files.readAllLines(file).get(line - 1).strip(),
                        mutator.substring(mutator.lastIndexOf('.') + 1).replace("Mutator", "")),
                mutation.getAttribute("status"));
    }

    private static String text(Element mutation, String name) {
        return mutation.getElementsByTagName(name).item(0).getTextContent();
    }
}
