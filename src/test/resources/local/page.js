
// Reads the page anew and replaces what has changed. Open details stay open, and the focus stays.
const box = document.getElementById('refresh');
document.getElementById('refreshing').hidden = false;

function replace(id, fresh) {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    for (const open of old.querySelectorAll('details[open]')) {
        const same = next.querySelector('#' + open.id);
        if (same) {
            same.open = true;
        }
    }
    if (old.outerHTML === next.outerHTML) {
        return;
    }
    const focus = old.contains(document.activeElement) ? document.activeElement.id : '';
    old.replaceWith(next);
    if (focus) {
        document.getElementById(focus)?.focus({preventScroll: true});
    }
}

// A screen reader reads a change of the text, and not a new element.
function announce(text) {
    const latest = document.getElementById('latest');
    if (latest.textContent !== text) {
        latest.textContent = text;
    }
}

async function refresh() {
    if (box.checked && !document.hidden) {
        try {
            const reply = await fetch('/');
            if (reply.ok) {
                // Without its head: the style there has a nonce that this page does not accept
                const text = await reply.text();
                const body = text.slice(text.indexOf('<body>'), text.indexOf('</main>'));
                const fresh = new DOMParser().parseFromString(body, 'text/html');
                ['decisions', 'cached'].forEach(id => replace(id, fresh));
                announce(fresh.getElementById('latest').textContent);
            }
        } catch (e) {
            // The gateway has ended
        }
    }
    setTimeout(refresh, 2000);
}

setTimeout(refresh, 2000);
