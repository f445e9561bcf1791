// The photo picker: shows what was chosen, lets each picture be taken back, and makes large pictures
// smaller on the phone before they travel. Re-drawing also drops the place a camera writes into a JPEG.
// Anything the browser cannot draw is sent as it is: the server decides.
(() => {
  "use strict";

  const EDGE = 2560;
  const QUALITY = 0.86;
  const HEAVY = 3 * 1024 * 1024;
  const THUMB = 320;
  const work = new Set();

  window.tongxinPhotos = { pending: () => (work.size ? Promise.allSettled([...work]) : null) };

  document.querySelectorAll("[data-photos]").forEach((picker) => {
    const input = picker.querySelector('input[type="file"]');
    const list = picker.querySelector("[data-photos-list]");
    const status = picker.querySelector("[data-photos-status]");
    if (!input || !list || typeof DataTransfer !== "function") return;
    const room = Number(picker.dataset.max) - picker.querySelectorAll("[data-held]").length;
    const limit = Number(picker.dataset.maxMb) * 1024 * 1024;
    const words = picker.dataset;
    let chosen = [];
    let last = 0;

    function store() {
      const box = new DataTransfer();
      chosen.forEach((one) => box.items.add(one.file));
      input.files = box.files;
      picker.querySelector(".files").classList.toggle("is-full", chosen.length >= room);
    }

    function say(text) {
      status.textContent = text;
      status.hidden = !text;
    }

    function show(one) {
      const item = document.createElement("li");
      item.className = "thumb";
      const name = document.createElement("span");
      // the photos before it are those the server holds and those just chosen
      const number = Number(picker.dataset.max) - room + (last += 1);
      name.textContent = words.name.replace("%n", number);
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "btn btn--text";
      drop.textContent = words.drop;
      drop.setAttribute("aria-label", words.dropOne.replace("%n", number));
      drop.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== one);
        item.remove();
        store();
        say(words.left.replace("%n", room - chosen.length));
        input.focus();
      });
      one.picture = document.createElement("div");
      one.picture.className = "thumb__blank";
      item.append(one.picture, name, drop);
      list.append(item);
    }

    async function prepare(one) {
      const bitmap = await createImageBitmap(one.file, { imageOrientation: "from-image" });
      try {
        const picture = document.createElement("img");
        picture.alt = "";
        picture.src = draw(bitmap, THUMB).toDataURL("image/jpeg", 0.7);
        one.picture.replaceWith(picture);
        if (!mustShrink(one.file, bitmap)) return;
        const blob = await toBlob(draw(bitmap, EDGE));
        if (blob && (blob.size < one.file.size || one.file.size > limit)) {
          one.file = new File([blob], one.file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
        }
      } finally {
        bitmap.close();
      }
    }

    input.addEventListener("change", () => {
      const picked = [...input.files];
      const fresh = picked.slice(0, Math.max(0, room - chosen.length)).map((file) => ({ file }));
      const refused = picked.length - fresh.length;
      chosen = chosen.concat(fresh);
      fresh.forEach(show);
      store();
      say(refused ? words.full.replace("%n", refused) : words.left.replace("%n", room - chosen.length));
      // one after another: a phone holds one large picture in memory, not six
      const job = fresh.reduce((before, one) => before.then(() => prepare(one)).catch(() => {
        one.picture.textContent = words.blank;
      }), Promise.resolve());
      const done = job.then(() => {
        store();
        work.delete(done);
      });
      work.add(done);
    });
  });

  function mustShrink(file, bitmap) {
    return file.type === "image/jpeg" || file.size > HEAVY || Math.max(bitmap.width, bitmap.height) > EDGE;
  }

  function draw(bitmap, edge) {
    const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const paint = canvas.getContext("2d");
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function toBlob(canvas) {
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }
})();
